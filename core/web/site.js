// Tells what a visitor looks at and puts into the cart: docs/reference/web.md
(function () {
  var script = document.currentScript, to = new URL("collect", script.src),
    early = window.ballyhoo || [], waiting = [], number = 0, timer, agreed, visit = "", identity = "",
    session = Array.from(crypto.getRandomValues(new Uint8Array(16)), function (one) {
      return (one + 256).toString(16).slice(1);
    }).join("");

  function keep(days) {
    agreed = days;
    document.cookie = "ballyhoo=" + session + "~" + visit + ";path=/;samesite=lax;max-age=" +
      days * 86400 + (location.protocol == "https:" ? ";secure" : "");
  }

  function send() {
    timer = clearTimeout(timer);
    while (waiting.length) {
      var some = waiting.slice(0, 50), body = JSON.stringify({
        key: script.dataset.key, session: session, visit: visit, identity: identity,
        events: some.map(function (one) {
          return { n: one[0], ago: Date.now() - one[1], type: one[2], product: one[3], quantity: one[4] };
        })
      });
      if (!navigator.sendBeacon(to, new Blob([body], { type: "text/plain" }))) return;
      waiting.splice(0, some.length);
    }
  }

  function tell(what) {
    var word = what[0];
    if (word == "identify") identity = what[1];
    else if (word == "agree") keep(30);
    else if (word == "disagree") keep(0);
    else {
      waiting.push([number++, Date.now(), word, "" + what[1], what[2] || 1]);
      timer = timer || setTimeout(send, 999);
    }
  }

  var kept = /(?:^|; )ballyhoo=(\w+)~([\w.-]*)/.exec(document.cookie), here = new URL(location),
    came = here.searchParams.get("bh");
  if (kept) agreed = 1, session = kept[1], visit = kept[2], number = Date.now();
  if (/^[\w.-]+$/.test(came)) {
    visit = came;
    here.searchParams.delete("bh");
    history.replaceState(history.state, "", here);
    if (agreed) keep(30);
  }
  addEventListener("visibilitychange", send);
  addEventListener("pagehide", send);
  window.ballyhoo = { push: tell };
  early.forEach(tell);
})();
