// The counter: one screen at a time. Whatever is recorded is first kept in this phone under an id of its own, so that it
// is sent once, sooner or later; redeeming needs a line, and is never kept.
import { alone, all, drop, keep, remember, remembered } from "/counter-store.js";
import { scan, stop } from "/counter-scan.js";

const about = JSON.parse(document.getElementById("about").textContent);
const { base, words } = about;
const locale = about.language === "ar" ? "ar-u-nu-arab" : about.language;
const figures = new Intl.NumberFormat(locale);
const money = new Intl.NumberFormat(locale, { style: "currency", currency: about.currency, currencyDisplay: "narrowSymbol" });
const $ = (selector, inside = document) => inside.querySelector(selector);
const screen = (name) => $(`[data-screen="${name}"]`);
const AGAIN_MS = 15000;

// Light or dark as on the other pages, when this page is the one that was kept.
const look = (document.cookie.match(/(?:^|; )regulars_theme=(light|dark)/) || [])[1];
if (look) document.documentElement.classList.add(look);

class NoLine extends Error {}
class SignedOut extends Error {}
class Refused extends Error {
  constructor(answer, status) {
    super(answer.said || words.trouble);
    this.code = answer.code || "";
    this.often = status === 429;
    this.later = this.often || status >= 500;
  }
}

let desk, person, now, camera = 0;
// `now` is whom we serve: { member, proof } when the server knows them, { who } when there is no line.

// --- asking ---------------------------------------------------------------------------------------------------------

const ask = async (path, body) => {
  let answer, said;
  try {
    answer = await fetch(`${base}/counter/${path}`, body === undefined ? { credentials: "same-origin", cache: "no-store" } : {
      method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    said = await answer.json().catch(() => ({}));
  } catch {
    throw new NoLine(words.needs_line);
  }
  if (answer.status === 401) {
    signedOut(true);
    throw new SignedOut(words.signed_out);
  }
  if (!answer.ok) throw new Refused(said, answer.status);
  return said;
};

const signedOut = (yes) => {
  $("#way-in").hidden = !yes;
  if (yes) person = undefined;
};

const arrive = async () => {
  try {
    desk = person = await ask("desk");
    $("#name").textContent = desk.name;
    signedOut(false);
    await remember({ key: desk.key, usual: desk.usual });
  } catch (problem) {
    desk = desk || await remembered().catch(() => undefined);
    say(problem instanceof NoLine ? words.offline : problem.code === "not_allowed" ? words.not_yours : problem.message);
    if (problem.code === "not_allowed") desk = undefined;
  }
};

// --- showing --------------------------------------------------------------------------------------------------------

const say = (text) => { $("#said").textContent = text || ""; };

const show = (name, quiet) => {
  if (name !== "camera") stop();
  for (const one of document.querySelectorAll("[data-screen]")) one.hidden = one.dataset.screen !== name;
  if (!quiet) say("");
  const here = screen(name);
  const target = $("input:not([type=checkbox])", here) && ["member", "join"].includes(name) ? $("input", here) : $("h2", here);
  if (target) target.focus({ preventScroll: name !== "member" });
  window.scrollTo(0, 0);
};

const fill = (name, card) => {
  for (const place of screen(name).querySelectorAll("[data-of]")) {
    const value = card[place.dataset.of];
    if (Array.isArray(value)) {
      place.replaceChildren(...value.map((one) => row(one.title, one.why, one.amount)));
    } else {
      place.textContent = value || "";
      if (place.classList.contains("panel")) place.hidden = !value;
    }
  }
};

const made = (tag, className, text) => {
  const one = document.createElement(tag);
  if (className) one.className = className;
  if (text) one.textContent = text;
  return one;
};

const row = (title, why, amount) => {
  const one = made("li");
  one.append(made("span", "", title), made("b", "", amount), made("span", "soft", why));
  return one;
};

const showMember = (found, note) => {
  now = found;
  const { member } = found;
  fill("member", { ...(member || { name: found.who }), note: note || (member ? member.note : words.offline) });
  $("#card").className = `member-card tier-${member ? member.tone : 1}`;
  const can = member && member.open ? member.rewards.length : 0;
  const button = $("#can-have");
  button.hidden = !can;
  button.textContent = words.rewards.replace("{n}", figures.format(can));
  $('[data-form="sell"]').reset();
  show("member");
};

const showReceipt = (card, request) => {
  fill("receipt", { earned: [], next: "", reward: "", balance: "", words: "", ...card });
  const button = $("#undo");
  button.hidden = !card.undo_seconds;
  button.dataset.request = request || "";
  show("receipt");
};

// --- who it is ------------------------------------------------------------------------------------------------------

const find = async (who, then) => {
  say("");
  try {
    const found = await ask("look", { who });
    await (then || showMember)(found);
  } catch (problem) {
    if (problem instanceof NoLine && desk && !then) showMember({ who });
    else {
      show(then ? "proof" : "start", true);
      say(problem.message);
    }
  }
};

const withCamera = async (then, back) => {
  show("camera");
  const turn = ++camera;
  let text = "";
  try {
    text = await scan($("video"));
  } catch {
    if (turn === camera) {
      show(back, true);
      say(words.no_camera);
    }
    return;
  }
  if (text && turn === camera) await then(text.trim());
  else if (turn === camera) show(back);
};

// --- what is recorded, and kept until it was ------------------------------------------------------------------------

const body = (item) => ({ ...item.body, request: item.request, age: Math.max(0, Math.round((Date.now() - item.at) / 1000)) });

const flying = new Set();  // what is on its way just now: it is not sent a second time meanwhile
const mine = (item) => Boolean(person) && [person.key, ...(person.old_keys || [])].includes(item.cashier);

const record = async (kind, name, what) => {
  const about_it = { kind, name, cashier: desk.key, body: what };
  const item = { request: crypto.randomUUID(), at: Date.now(), state: "waiting", ...about_it };
  flying.add(item.request);
  try {
    await keep(item);
    const answer = await ask(kind, body(item));
    await drop(item.request);
    return { item, answer };
  } catch (problem) {
    const waits = problem instanceof NoLine || problem instanceof SignedOut || problem.later;
    if (!waits) await drop(item.request);
    return { item, problem, waits };
  } finally {
    flying.delete(item.request);
    sign();
  }
};

const send = () => alone(async () => {
  for (const item of await all()) {
    if (!mine(item) || item.state !== "waiting" || flying.has(item.request)) continue;
    flying.add(item.request);
    try {
      const answer = await ask(item.kind, body(item));
      if (answer.code) await keep({ ...item, state: "told", said: answer.note });  // nobody has seen this code yet
      else await drop(item.request);
    } catch (problem) {
      if (!(problem instanceof Refused) || problem.often) break;
      if (problem.later) continue;  // trouble with this one holds up none of the others
      await keep({ ...item, state: "refused", code: problem.code, said: problem.message });
    } finally {
      flying.delete(item.request);
    }
  }
});

const flush = async () => {
  const kept = await all();
  if (kept.some((one) => one.state === "waiting")) {
    await arrive();
    if (person) {
      if ($("#said").textContent === words.offline) say("");
      await send();
    }
  }
  await sign();
};

const sign = async () => {
  const kept = await all();
  const open = kept.filter((one) => one.state !== "waiting").length;
  const button = $("#queue");
  button.hidden = !kept.length;
  const shown = open ? [words.look_at, open] : [words.waiting, kept.length];
  button.textContent = shown[0].replace("{n}", figures.format(shown[1]));
  if (!screen("waiting").hidden) await list();
};

const amountOf = (text) => {
  try {
    return money.format(Number(text.replace(/[٠-٩]/g, (one) => "٠١٢٣٤٥٦٧٨٩".indexOf(one)).replace(/[٫,]/g, ".")));
  } catch {
    return text;
  }
};

const list = async () => {
  const kept = await all();
  $("#none-kept").textContent = kept.length ? "" : words.nothing_waits;
  $('[data-do="send"]').hidden = !kept.length;
  $("#kept").replaceChildren(...kept.map((item) => {
    const one = made("li", "kept");
    const title = item.kind === "purchase" ? `${words.sale} · ${amountOf(item.body.amount)}` : words.joining;
    const time = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" }).format(item.at);
    one.append(made("b", "", title), made("span", "soft", `${item.name} · ${time}`));
    const told = item.state === "told";
    if (person && !mine(item) && !told) one.append(made("span", "said", words.other));
    if (item.said && (mine(item) || !told)) one.append(made("span", "said", item.said));
    if (item.state !== "waiting") {
      const deeds = made("div");
      const sure = item.code === "amount_unusual";
      const again = made("button", "tile", sure ? words.again : words.retry);
      again.addEventListener("click", async () => {
        await keep({ ...item, state: "waiting", said: "", body: { ...item.body, ...(sure ? { sure: true } : {}) } });
        await flush();
      });
      const gone = made("button", "plain", words.remove);
      gone.addEventListener("click", async () => { await drop(item.request); await sign(); });
      deeds.append(...(told ? [gone] : [again, gone]));
      one.append(deeds);
    }
    return one;
  }));
};

// --- selling --------------------------------------------------------------------------------------------------------

let typed;
const sell = async (sure) => {
  if (!desk) return say(words.signed_out);
  const { amount, receipt } = typed;
  const minor = Math.round(Number(amount.replace(",", ".")) * 10 ** about.digits);
  if (!sure && desk.usual && minor > desk.usual) return unusual();
  const whom = now.member ? { member: now.member.key } : { who: now.who };
  const done = await record("purchase", now.member ? now.member.name : now.who, { ...whom, amount, receipt, sure: Boolean(sure) });
  if (done.answer) return showReceipt(done.answer.sale, done.item.request);
  if (done.waits) {
    showReceipt({ title: words.kept_title.replace("{money}", amountOf(amount)), words: words.kept });
    if (done.problem instanceof SignedOut) say(words.signed_out);
    return undefined;
  }
  if (done.problem.code === "amount_unusual") return unusual();
  return say(done.problem.message);
};

const unusual = () => {
  const shown = amountOf(typed.amount);
  fill("unusual", { question: words.unusual.replace("{money}", shown) });
  $("#sure").textContent = words.yes.replace("{money}", shown);
  show("unusual");
};

// --- redeeming: never without a line --------------------------------------------------------------------------------

let wish;
const choices = () => {
  $(".choices", screen("rewards")).replaceChildren(...now.member.rewards.map((one) => {
    const item = made("li");
    const button = made("button", "tile");
    button.append(made("span", "", one.name), made("span", "soft", one.words));
    button.addEventListener("click", () => {
      wish = { request: crypto.randomUUID(), member: now.member.key, reward: one.slug, price: one.price, one };
      prove();
    });
    item.append(button);
    return item;
  }));
  show("rewards");
};

const prove = () => {
  fill("proof", { price: `${wish.one.name} · ${wish.one.words}` });
  $("#hand").hidden = !now.proof;
  $("#ways-to-prove").hidden = Boolean(now.proof);
  show("proof");
};

const asked = () => {
  const { request, member, reward, price } = wish;
  return { request, member, reward, price };
};

const hand = async () => {
  try {
    const { receipt } = await ask("redeem", { ...asked(), proof: now.proof });
    showReceipt(receipt);
  } catch (problem) {
    if (problem.code === "card_not_shown" || problem.code === "fresh_code_needed") {
      now.proof = "";
      prove();
    }
    say(problem.message);
  }
};

const askThem = async () => {
  try {
    await ask("ask", asked());
  } catch (problem) {
    return say(problem.message);
  }
  const asking = wish;
  fill("asking", { asked: `${asking.one.name} · ${asking.one.words}` });
  show("asking");
  for (let state = "waiting"; state === "waiting" && wish === asking;) {
    try {
      const said = await ask("answer", { ask: asking.request, wait: true });
      state = said.state;
      if (wish !== asking) return undefined;
      if (state === "done") return showReceipt(said.receipt);
      if (state !== "waiting") return over(asking, state === "refused" ? words.refused : asking.stopping ? "" : words.over);
    } catch (problem) {
      if (wish !== asking) return undefined;
      if (!(problem instanceof NoLine) && !problem.later) return say(problem.message);
      say(problem.message);
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
  return undefined;
};

// A question is over, by the server's word: only now is the same reward a new request. Until then a yes, or a card, with
// the old one is the same redemption.
const over = (asking, text) => {
  if (wish !== asking) return;
  wish = { ...asking, request: crypto.randomUUID(), stopping: false };
  prove();
  say(text);
};

const stopAsking = async () => {
  const asking = wish;
  asking.stopping = true;
  try {
    const said = await ask("stop", { ask: asking.request });
    if (said.state !== "done") return over(asking, said.state === "refused" ? words.refused : "");
    const told = await ask("answer", { ask: asking.request });
    return wish === asking ? showReceipt(told.receipt) : undefined;
  } catch (problem) {
    asking.stopping = false;
    if (problem instanceof Refused && !problem.later) return over(asking, problem.message);
    return say(problem.message);
  }
};

const taking = new Map();  // the request of each code that has no answer yet: trying again is the same request
const voucher = async (code) => {
  const signs = code.toUpperCase().replace(/[^0-9A-Z]/g, "") || code;
  if (!taking.has(signs)) taking.set(signs, crypto.randomUUID());
  try {
    const { receipt } = await ask("voucher", { request: taking.get(signs), code });
    taking.delete(signs);
    showReceipt(receipt);
  } catch (problem) {
    if (problem instanceof Refused && !problem.later) taking.delete(signs);
    show("voucher", true);
    say(problem.message);
  }
};

// --- joining --------------------------------------------------------------------------------------------------------

const join = async (form) => {
  if (!desk) return say(words.signed_out);
  const who = form.get("who").trim();
  const done = await record("join", who, { who, agreed: form.get("agreed") !== null });
  if (done.answer) return showMember({ member: done.answer.member, proof: "" }, done.answer.note);
  if (done.waits) return showMember({ who }, words.join_kept);
  return say(done.problem.message);
};

// --- what is touched ------------------------------------------------------------------------------------------------

const DEEDS = {
  start: () => { now = wish = undefined; $('[data-form="find"]').reset(); show("start"); },
  scan: () => withCamera((text) => find(text), "start"),
  stop: () => { camera += 1; show(now ? "member" : "start"); },
  member: () => show("member"),
  rewards: choices,
  correct: () => { show("member"); $("#amount").value = typed.amount; },
  sure: () => sell(true),
  hand,
  ask: askThem,
  "stop-asking": stopAsking,
  "scan-proof": () => withCamera((text) => find(text, async (found) => {
    if (found.member.key !== now.member.key) {
      prove();
      return say(words.other_card);
    }
    now = found;
    prove();
    return now.proof ? hand() : undefined;
  }), "proof"),
  voucher: () => { $('[data-form="voucher"]').reset(); show("voucher"); },
  "scan-voucher": () => withCamera(voucher, "voucher"),
  join: () => { $('[data-form="join"]').reset(); show("join"); },
  waiting: async () => { await list(); show("waiting"); },
  send: flush,
  undo: async () => {
    try {
      const { receipt } = await ask("undo", { request: $("#undo").dataset.request });
      showReceipt(receipt);
    } catch (problem) {
      say(problem.message);
    }
  },
};
const FORMS = {
  find: (form) => find(form.get("who").trim()),
  sell: (form) => {
    typed = { amount: form.get("amount").trim(), receipt: form.get("receipt").trim() };
    return sell(false);
  },
  voucher: (form) => voucher(form.get("code").trim()),
  join,
};

const busy = async (button, work) => {
  if (button && button.getAttribute("aria-busy")) return;
  if (button) button.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch {
    say(words.trouble);
  } finally {
    if (button) button.removeAttribute("aria-busy");
  }
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button) busy(["scan", "scan-proof", "scan-voucher", "ask"].includes(button.dataset.do) ? null : button, DEEDS[button.dataset.do]);
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  busy($("button:not([type=button])", form), () => FORMS[form.dataset.form](new FormData(form)));
});
window.addEventListener("online", flush);
document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
setInterval(flush, AGAIN_MS);

for (const place of document.querySelectorAll("[data-currency]")) place.textContent = about.currency;

// The page and its scripts stay in this phone, so that it opens without a line; there is nothing about anybody in them.
const stay = async () => {
  if (!("serviceWorker" in navigator)) return;
  const fonts = performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname)
    .filter((path) => path.startsWith("/fonts/"));
  const files = [`${base}/staff/counter/shell`, "/regulars.css", "/favicon.svg", "/counter.js", "/counter-store.js",
    "/counter-scan.js", "/jsqr.js", ...fonts];
  await navigator.serviceWorker.register("/sw.js");
  const worker = (await navigator.serviceWorker.ready).active;
  await new Promise((done) => {
    const line = new MessageChannel();
    line.port1.onmessage = done;
    worker.postMessage({ keep: "/staff/counter", files }, [line.port2]);
  });
  document.documentElement.dataset.kept = "";
};

show("start");
arrive().then(async () => {
  await flush();
  document.documentElement.dataset.ready = "";
  await stay();
}).catch(() => {});
