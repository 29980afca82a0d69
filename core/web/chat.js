"use strict";
// Puts a button onto a page of the shop, and the chat into a frame behind it.
(() => {
  const script = document.currentScript;
  const home = new URL("chat", script.src);
  const language = script.dataset.language || document.documentElement.lang;
  if (language) home.searchParams.set("language", language);
  const label = script.dataset.label || { de: "Fragen?", zh: "有问题？" }[(language || "").slice(0, 2)] || "Questions?";
  let frame = null;

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-haspopup", "dialog");
  Object.assign(button.style, {
    position: "fixed", right: "1rem", bottom: "1rem", zIndex: "2147483000", minHeight: "3rem",
    padding: "0 1.25rem", border: "0", borderRadius: "1.5rem", font: "600 1rem system-ui, sans-serif",
    background: script.dataset.colour || "#1f5f4a", color: script.dataset.textColour || "#fff", cursor: "pointer",
    boxShadow: "0 4px 16px rgb(0 0 0 / .25)",
  });

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.src = home.href;
      frame.title = label;
      frame.referrerPolicy = "no-referrer";
      Object.assign(frame.style, {
        position: "fixed", right: "min(1rem, 2vw)", bottom: "min(1rem, 2vh)", zIndex: "2147483001",
        width: "min(24rem, 96vw)", height: "min(36rem, 96vh)", border: "0", borderRadius: "1rem",
        boxShadow: "0 12px 40px rgb(0 0 0 / .35)", colorScheme: "light dark",
      });
      document.body.append(frame);
    }
    frame.hidden = false;
    frame.style.display = "block";
    button.setAttribute("aria-expanded", "true");
    frame.focus();
  }

  function close() {
    if (frame) frame.style.display = "none";
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  button.addEventListener("click", open);
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home.origin) return;
    if (!event.data || typeof event.data !== "object") return;
    if (event.data.ballyhoo === "close") close();
    if (event.data.ballyhoo === "ready") {
      const { identity = null, question = null } = script.dataset;
      frame.contentWindow.postMessage({ ballyhoo: "hello", identity, question }, home.origin);
    }
  });
  (document.body ? Promise.resolve() : new Promise((go) => addEventListener("DOMContentLoaded", go)))
    .then(() => {
      document.body.append(button);
      if (script.dataset.open === "yes") open();
    });
})();
