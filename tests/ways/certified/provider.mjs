// A certified OpenID provider (oidc-provider) for one club: whoever signs in is who they say, with any password.
import Provider from "oidc-provider";

const [port, back] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: "club", client_secret: process.env.CERTIFIED_SECRET, redirect_uris: [back],
    grant_types: ["authorization_code"], response_types: ["code"],
  }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@shop.example`, email_verified: true, name: "Rosa" }),
  }),
  pkce: { required: () => true },
  cookies: { keys: ["for a test alone"] },
});
provider.listen(Number(port), "localhost", () => console.log("ready"));
// `node` of the wheel is a process around this one: it is told to end by the end of its input.
process.stdin.resume().on("end", () => process.exit());
