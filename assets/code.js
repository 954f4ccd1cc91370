// The page of a one-time code: sends the form when six digits are there, and counts down to a new code. Without this
// script the form has its button, and a code that is asked for too soon is kindly refused.
(() => {
  const ready = () => {
    document.querySelectorAll("input[data-code]").forEach((box) => {
      let sent = false;
      box.addEventListener("input", () => {
        const digits = box.value.match(/\p{Nd}/gu) || [];
        if (digits.length === 6 && !sent) {
          sent = true;
          box.form.requestSubmit();
        }
      });
    });
    document.querySelectorAll("button[data-wait]").forEach((button) => {
      const words = button.textContent;
      const { lang } = document.documentElement;
      const figures = new Intl.NumberFormat(lang === "ar" ? "ar-u-nu-arab" : lang);
      const until = Date.now() + 1000 * Number(button.dataset.wait);
      const tick = () => {
        const left = Math.ceil((until - Date.now()) / 1000);
        button.disabled = left > 0;
        button.textContent = left > 0 ? button.dataset.soon.replace("{n}", figures.format(left)) : words;
        if (left > 0) setTimeout(tick, 250);
      };
      tick();
    });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
