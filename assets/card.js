// The digital card: its code of this half minute, drawn here, with a line or without.
// The key lies in the browser as a CryptoKey that no script can read, and is asked for once. What the card says lies
// beside it, for the cookie `regulars_card` that came with it: whoever signs in or leaves takes that cookie away.
import { outline } from "/qr.js";

const NAME = "regulars-card", STEP = 30, SKEW_MAX = 20_000;
const root = document.getElementById("card");
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const mark = () => (document.cookie.match(/(?:^|; )regulars_card=([^;]*)/) || [])[1] || "";

// What was chosen on the member pages, for the page that was kept: it has been asked for without it.
const look = (document.cookie.match(/(?:^|; )regulars_theme=(light|dark)/) || [])[1];
if (look) document.documentElement.classList.add(look);

// --- what is kept ---------------------------------------------------------------------------------------------

const opened = () => new Promise((yes, no) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("card");
  asked.onsuccess = () => yes(asked.result);
  asked.onerror = () => no(asked.error);
});

const store = async (mode, act) => {
  const base = await opened();
  try {
    return await new Promise((yes, no) => {
      const request = act(base.transaction("card", mode).objectStore("card"));
      request.onsuccess = () => yes(request.result);
      request.onerror = () => no(request.error);
    });
  } finally {
    base.close();
  }
};

const kept = () => store("readonly", (box) => box.get("mine")).catch(() => undefined);
const put = (card) => store("readwrite", (box) => box.put(card, "mine")).catch(() => {});
const sweep = () => new Promise((done) => {
  const gone = indexedDB.deleteDatabase(NAME);
  gone.onsuccess = gone.onerror = gone.onblocked = done;
});

// --- the code (RFC 6238, as in members/card_codes.py) -----------------------------------------------------------

const codeAt = async (key, step) => {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setUint32(0, Math.floor(step / 2 ** 32));
  counter.setUint32(4, step % 2 ** 32);
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter.buffer));
  const value = mac.getUint32(mac.getUint8(mac.byteLength - 1) & 15) & 0x7fffffff;
  return String(value % 10 ** 8).padStart(8, "0");
};

const asked = async () => {
  const answer = await fetch("/card/key", { method: "POST", credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error("no key");
  const said = await answer.json();
  const bytes = Uint8Array.from(atob(said.key), (one) => one.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  bytes.fill(0);
  return { key, keyId: said.keyId, number: said.number };
};

// --- the face -------------------------------------------------------------------------------------------------

const fill = ({ fields, tone, bars }, away) => {
  for (const [name, text] of Object.entries(fields)) {
    const place = part(name);
    if (place) place.textContent = text;
  }
  part("face").className = part("face").className.replace(/tier-\d/, `tier-${tone}`);
  part("bars").setAttribute("d", bars);
  const known = new Date(away.loaded).toDateString() === new Date().toDateString();
  part("balance-at").textContent = known ? fields["balance-at"] : away.day;
  root.hidden = false;
};

const say = (name) => {
  for (const one of root.parentElement.querySelectorAll("[data-say]")) one.hidden = one.dataset.say !== name;
};

let shown = -1;

const tick = async (card) => {
  const now = Date.now() + card.offset, step = Math.floor(now / 1000 / STEP);
  part("left").style.transform = `scaleX(${1 - ((now / 1000) % STEP) / STEP})`;
  if (step === shown) return;
  shown = step;
  const code = `${card.number}.${await codeAt(card.key, step)}`;
  if (step !== shown) return;
  part("qr").setAttribute("d", outline(code));
  root.dataset.code = code;
  part("code").classList.remove("none");
};

const awake = async () => {
  if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
  await navigator.wakeLock.request("screen").catch(() => {});
};

const run = (card) => {
  const go = () => tick(card);
  go();
  setInterval(go, 250);
  document.addEventListener("visibilitychange", () => (go(), awake()));
  awake();
};

// Files that the page needs without a line, handed to the worker when there is one.
const keepShell = async () => {
  const worker = (await navigator.serviceWorker?.ready)?.active;
  if (!worker) return;
  const here = location.pathname.replace(/\/$/, "");
  const files = performance.getEntriesByType("resource").map((one) => new URL(one.name))
    .filter((one) => one.origin === location.origin && /\.(js|css|woff2|svg)$/.test(one.pathname)).map((one) => one.pathname);
  const heard = new MessageChannel();
  heard.port1.onmessage = () => { root.dataset.kept = "yes"; };
  worker.postMessage({ keep: "/card", files: [`${here}/shell`, ...new Set(["/card.js", "/qr.js", "/regulars.css", ...files])] },
    [heard.port2]);
};

const start = async () => {
  const told = root.dataset.card ? JSON.parse(root.dataset.card) : null;
  let card = await kept();
  if (card && card.mark !== mark()) {
    await sweep();
    card = undefined;
  }
  if (!told) {
    if (!card) return say("never");
    fill(card.told, card);
    say("away");
    return run(card);
  }
  if (!window.crypto?.subtle) return say("plain");
  if (!card || card.keyId !== told.keyId || card.number !== told.number) {
    try {
      card = await asked();
    } catch {
      return say("plain");
    }
  }
  const apart = told.now - Date.now();
  Object.assign(card, { told, mark: mark(), loaded: Date.now(), day: told.day, offset: Math.abs(apart) > SKEW_MAX ? apart : 0 });
  run(card);
  if (navigator.cookieEnabled && mark()) await put(card);
  await keepShell();
};

window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
start();
