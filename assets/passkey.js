// Passkeys: asks the server what to ask the device, and hands back what the device answers. Without passkeys in this
// browser the buttons stay hidden, and the other ways in are all there is.
(() => {
  const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

  const ask = async (path, body) => {
    const answer = await fetch(path, {
      method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.said || "");
    return said;
  };

  const withIds = (list) => (list || []).map((one) => ({ ...one, id: decode(one.id) }));

  const make = async (base) => {
    const wanted = await ask(`${base}/new/options`, {});
    const made = await navigator.credentials.create({
      publicKey: {
        ...wanted, challenge: decode(wanted.challenge), user: { ...wanted.user, id: decode(wanted.user.id) },
        excludeCredentials: withIds(wanted.excludeCredentials),
      },
    });
    const response = {
      clientDataJSON: encode(made.response.clientDataJSON),
      attestationObject: encode(made.response.attestationObject),
    };
    return ask(`${base}/new`, { id: made.id, rawId: encode(made.rawId), type: made.type, response });
  };

  const enter = async (base, people) => {
    const wanted = await ask(`${base}/options`, {});
    const given = await navigator.credentials.get({
      publicKey: { ...wanted, challenge: decode(wanted.challenge), allowCredentials: withIds(wanted.allowCredentials) },
    });
    const response = {
      clientDataJSON: encode(given.response.clientDataJSON),
      authenticatorData: encode(given.response.authenticatorData),
      signature: encode(given.response.signature),
      userHandle: given.response.userHandle ? encode(given.response.userHandle) : null,
    };
    return ask(`${base}/enter?for=${people}`, { id: given.id, rawId: encode(given.rawId), type: given.type, response });
  };

  const ready = () => {
    if (!window.PublicKeyCredential) return;
    document.querySelectorAll("button[data-passkey]").forEach((button) => {
      const { passkey, base, people, failed } = button.dataset;
      const say = button.parentElement.querySelector("[role=status]");
      button.hidden = false;
      button.addEventListener("click", async () => {
        button.disabled = true;
        say.textContent = "";
        try {
          const done = passkey === "make" ? await make(base) : await enter(base, people);
          if (done.to) window.location.assign(done.to);
          else window.location.reload();
        } catch (problem) {
          button.disabled = false;
          const own = problem instanceof DOMException ? "" : problem.message;
          say.textContent = own || failed;
        }
      });
    });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
