// On every page, when it has come to rest: starts the worker, and sweeps up a card of somebody who has left.
(() => {
  const rest = window.requestIdleCallback || ((call) => setTimeout(call, 500));
  const work = () => {
    if (!/(^|; )regulars_card=/.test(document.cookie)) {
      if (window.caches) caches.delete("regulars-card").catch(() => {});
      if (window.indexedDB) indexedDB.deleteDatabase("regulars-card");
    }
    if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => {});
  };
  if (document.readyState === "complete") rest(work);
  else window.addEventListener("load", () => rest(work), { once: true });
})();
