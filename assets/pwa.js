// On every page: marks in the settings which appearance was chosen. When the page has come to rest: starts the worker,
// sweeps up a card of somebody who has left, and tells the plain pages whether light or dark was chosen.
(() => {
  const MODES = ["light", "dark", "system"]; // as the buttons stand in the settings
  const modes = () => [...document.querySelectorAll("#settings > button")].slice(0, MODES.length);
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // the browser keeps nothing, so nothing was chosen
    }
  };
  const mark = (mode) => modes().forEach((button, at) => button.setAttribute("aria-pressed", MODES[at] === mode));
  document.addEventListener("beforetoggle", (event) => event.target.id === "settings" && mark(stored() || "system"), true);
  document.addEventListener("click", (event) => {
    const at = modes().indexOf(event.target.closest("button"));
    if (at >= 0) mark(MODES[at]);
  });
  const tell = () => {
    const chosen = stored();
    const kept = (document.cookie.match(/(?:^|; )regulars_theme=(\w+)/) || [])[1] || "";
    const now = chosen === "light" || chosen === "dark" ? chosen : "";
    if (now === kept) return;
    const rest = `; path=/; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    document.cookie = `regulars_theme=${now}; max-age=${now ? 31536000 : 0}${rest}`;
  };
  const rest = window.requestIdleCallback || ((call) => setTimeout(call, 500));
  const work = () => {
    tell();
    new MutationObserver(tell).observe(document.documentElement, { attributeFilter: ["class"] });
    if (!/(^|; )regulars_card=/.test(document.cookie)) {
      if (window.caches) caches.delete("regulars-card").catch(() => {});
      if (window.indexedDB) indexedDB.deleteDatabase("regulars-card");
    }
    if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => {});
  };
  if (document.readyState === "complete") rest(work);
  else window.addEventListener("load", () => rest(work), { once: true });
})();
