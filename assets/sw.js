// The worker behind the pages: keeps the shells of the few pages that open without a signal, and built files.
// A page with anything personal in it is never kept; what is sent, the API and the live line are left alone.

// Page (without its language) → the cache that its shell (`<page>/shell`) and the shell's files are kept in. A page
// asks for it once it is ready: postMessage({ keep: page, files: [addresses] }).
const SHELLS = { "/card": "regulars-card", "/staff/counter": "regulars-counter" };
const BUILT = "regulars-built", BUILT_MAX = 200;
const SCRIPTS = /^\/[\w-]+\.(js|css)$|^\/fonts\//;
const ENDS = /^(\/\w\w)?(\/leave|\/me\/erase)$/;
const PATIENCE = 4000; // milliseconds; at a counter a line that does not answer is no line
const CARD = "regulars-card";

const plain = (path) => path.replace(/^\/[a-z]{2}(?=\/|$)/, "").replace(/\/$/, "") || "/";

const soon = (promise) => Promise.race([promise, new Promise((_, no) => setTimeout(no, PATIENCE, "slow"))]);

const wipe = () => Promise.all([
  caches.delete(CARD),
  new Promise((done) => {
    const gone = indexedDB.deleteDatabase(CARD);
    gone.onsuccess = gone.onerror = gone.onblocked = done;
  }),
]);

const keep = async (name, files) => {
  const cache = await caches.open(name);
  await Promise.all(files.map(async (file) => {
    const answer = await fetch(file, { credentials: "omit", cache: "no-cache" });
    if (answer.ok && !answer.redirected) await cache.put(file, answer);
  }));
};

// The page itself while there is a line, its shell where there is none.
const page = async (event, shell) => {
  try {
    const answer = await soon(fetch(event.request));
    if (shell === CARD && answer.type === "opaqueredirect") event.waitUntil(wipe()); // nobody is signed in
    return answer;
  } catch {
    const { pathname } = new URL(event.request.url);
    return (await caches.match(`${pathname.replace(/\/$/, "")}/shell`)) || Response.error();
  }
};

// Home without a signal: the card is what can be shown.
const home = async (request) => {
  try {
    return await fetch(request);
  } catch {
    const kept = await (await caches.open(CARD)).keys();
    const shell = kept.map((one) => new URL(one.url).pathname).find((path) => path.endsWith("/card/shell"));
    return shell ? Response.redirect(shell.replace(/\/shell$/, "")) : Response.error();
  }
};

// Addresses with a digest in them never change; the others are asked for anew, and kept ones stand in.
const built = async (request) => {
  const cache = await caches.open(BUILT);
  const hit = await cache.match(request);
  if (hit) return hit;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const all = await cache.keys();
    await Promise.all(all.slice(0, Math.max(0, all.length - BUILT_MAX)).map((one) => cache.delete(one)));
  }
  return answer;
};

const script = async (request) => {
  try {
    return await soon(fetch(request));
  } catch {
    return (await caches.match(request, { ignoreVary: true })) || Response.error();
  }
};

self.addEventListener("install", () => self.skipWaiting());
// What is fetched ahead of a page that this worker does not answer is asked for twice, and a link that is good once is
// then used up. Earlier workers had it switched on, and that outlives them.
self.addEventListener("activate", (event) => event.waitUntil(self.registration.navigationPreload?.disable()));

self.addEventListener("message", (event) => {
  const { keep: wanted, files, wipe: gone } = event.data || {};
  const work = gone ? wipe() : Object.hasOwn(SHELLS, wanted) ? keep(SHELLS[wanted], files) : Promise.resolve();
  event.waitUntil(work.catch(() => {}).then(() => event.ports[0]?.postMessage("done")));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method !== "GET") {
    if (request.mode === "navigate" && ENDS.test(pathname)) event.waitUntil(wipe());
    return;
  }
  if (request.mode === "navigate") {
    const name = SHELLS[plain(pathname)];
    if (name) event.respondWith(page(event, name));
    else if (plain(pathname) === "/") event.respondWith(home(request));
  } else if (pathname.startsWith("/assets/")) event.respondWith(built(request));
  else if (SCRIPTS.test(pathname)) event.respondWith(script(request));
});
