"use strict";
(() => {
  const body = document.body;
  const words = JSON.parse(body.dataset.words);
  const origins = JSON.parse(body.dataset.origins);
  const root = body.dataset.root;
  const log = document.getElementById("log");
  const form = document.getElementById("ask");
  const field = document.getElementById("question");
  const send = document.getElementById("send");
  const close = document.getElementById("close");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let conversation = null;
  let customer = null;
  let host = null;

  function paint() {
    const kind = dark.matches ? "dark" : "";
    const read = (name) => body.dataset[kind ? "dark" + name[0].toUpperCase() + name.slice(1) : name];
    document.documentElement.style.setProperty("--accent", read("accent"));
    document.documentElement.style.setProperty("--on-accent", read("onAccent"));
  }

  function add(kind, text, said) {
    const turn = document.createElement("div");
    turn.className = "turn " + kind;
    const who = document.createElement("span");
    who.className = "unseen";
    who.textContent = said + ": ";
    const words = document.createElement("p");
    link(words, text);
    turn.append(who, words);
    log.append(turn);
    log.scrollTop = log.scrollHeight;
    return turn;
  }

  // Text stays text: only what begins with https:// becomes a link, and opens elsewhere.
  function link(into, text) {
    let at = 0;
    for (const found of text.matchAll(/https:\/\/[^\s<>"'()\u3002\uff0c]+[^\s<>"'().,;:!?\u3002\uff0c]/g)) {
      into.append(text.slice(at, found.index));
      const anchor = document.createElement("a");
      anchor.href = found[0];
      anchor.textContent = found[0];
      anchor.target = "_blank";
      anchor.rel = "noopener noreferrer";
      into.append(anchor);
      at = found.index + found[0].length;
    }
    into.append(text.slice(at));
  }

  function askWhetherItHelped(turn, enquiry) {
    const row = document.createElement("div");
    row.className = "judge";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", words.helped);
    const text = document.createElement("span");
    text.textContent = words.helped;
    row.append(text);
    for (const [label, helped] of [[words.yes, true], [words.no, false]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", async () => {
        row.replaceChildren(words.noted);
        await post("/ask/feedback", { enquiry, helped }).catch(() => null);
      });
      row.append(button);
    }
    turn.append(row);
  }

  function post(path, told) {
    return fetch(root + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(told),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  }

  async function ask(question) {
    add("you", question, words.you);
    const waiting = add("shop writing", words.writing, words.shop);
    send.disabled = true;
    try {
      const told = { question };
      if (conversation) told.conversation = conversation;
      if (customer) told.customer = customer;
      const answer = await post("/ask", told);
      waiting.remove();
      if (answer.status === 401) {
        customer = null;
        add("shop problem", words.ended, words.shop);
      } else if (answer.status === 429 || answer.status === 503) {
        add("shop problem", words.busy, words.shop);
      } else if (!answer.ok) {
        add("shop problem", words.failed, words.shop);
      } else {
        const got = await answer.json();
        conversation = got.conversation;
        const turn = add("shop", got.reply === null ? words.handoff : got.reply, words.shop);
        if (got.reply !== null) askWhetherItHelped(turn, got.enquiry);
        log.scrollTop = log.scrollHeight;
      }
    } catch {
      waiting.remove();
      add("shop problem", words.offline, words.shop);
    }
    send.disabled = false;
    field.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = field.value.trim();
    if (!question || send.disabled) return;
    field.value = "";
    grow();
    ask(question);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  function grow() {
    field.style.height = "auto";
    field.style.height = field.scrollHeight + 2 + "px";
  }
  field.addEventListener("input", grow);
  document.getElementById("person").addEventListener("click", () => {
    if (!send.disabled) ask(words.person);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && host) parent.postMessage({ ballyhoo: "close" }, host);
  });
  close.addEventListener("click", () => host && parent.postMessage({ ballyhoo: "close" }, host));
  addEventListener("message", (event) => {
    const known = event.source === parent && parent !== window && origins.includes(event.origin);
    if (!known || typeof event.data !== "object" || event.data === null) return;
    if (event.data.ballyhoo !== "hello") return;
    host = event.origin;
    close.hidden = false;
    customer = typeof event.data.identity === "string" ? event.data.identity : null;
    field.focus();
    if (typeof event.data.question === "string" && event.data.question) ask(event.data.question);
  });
  dark.addEventListener("change", paint);
  paint();
  if (parent !== window) parent.postMessage({ ballyhoo: "ready" }, "*");
  else field.focus();
  // A link of the shop may bring a question along: /chat#How%20do%20I%20return%20shoes%3F
  if (parent === window && location.hash.length > 1) {
    let question = "";
    try {
      question = decodeURIComponent(location.hash.slice(1)).trim().slice(0, 5000);
    } catch { /* somebody cut the link off */ }
    history.replaceState(null, "", location.pathname + location.search);
    if (question) ask(question);
  }
})();
