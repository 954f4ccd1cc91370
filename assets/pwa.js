// On every page, when it has come to rest: starts the worker, sweeps up a card of somebody who has left, and tells the
// plain pages whether light or dark was chosen.
(() => {
  const tell = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem("theme");
    } catch { /* the browser keeps nothing, so nothing was chosen */ }
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
