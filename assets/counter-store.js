// What waits to be sent from the counter: kept in this phone until the server has said what became of it.
// An item: its request (the server knows by it what it has had), what it is, when it happened, and who recorded it.
const NAME = "regulars-counter";

const opened = () => new Promise((done, failed) => {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("waiting", { keyPath: "request" });
    asked.result.createObjectStore("desk", { keyPath: "name" });
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

const within = async (store, mode, work) => {
  const base = await opened();
  try {
    return await new Promise((done, failed) => {
      const turn = base.transaction(store, mode, { durability: "strict" });
      const asked = work(turn.objectStore(store));
      turn.oncomplete = () => done(asked.result);
      turn.onerror = turn.onabort = () => failed(turn.error);
    });
  } finally {
    base.close();
  }
};

export const keep = (item) => within("waiting", "readwrite", (store) => store.put(item));
export const drop = (request) => within("waiting", "readwrite", (store) => store.delete(request));
export const all = async () => (await within("waiting", "readonly", (store) => store.getAll())).sort((a, b) => a.at - b.at);

// Who serves here, as far as a phone without a line has to know: a key that says nothing, and the usual amount.
export const remember = (desk) => within("desk", "readwrite", (store) => store.put({ ...desk, name: "desk" }));
export const remembered = () => within("desk", "readonly", (store) => store.get("desk"));

// One page at a time sends; where a browser has no locks the server's own memory of requests is enough.
export const alone = (work) => (navigator.locks
  ? navigator.locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? work() : undefined)) : work());
