// The clock that ticks, the sentence for those who hear the page, and the word that the page is out of date.
"use strict";

(() => {
  const clock = { zone: "Europe/London", instant: 0, read: 0, format: null };

  function readClock() {
    const shown = document.getElementById("clock");
    if (!shown) return;
    clock.instant = Date.parse(shown.dataset.now);
    clock.read = performance.now(); // the register's time goes on from here, not this computer's
    clock.format = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: shown.dataset.zone });
  }

  function tick() {
    const shown = document.getElementById("clock");
    if (shown && clock.format) {
      shown.textContent = clock.format.format(clock.instant + performance.now() - clock.read);
    }
  }

  // Said only when it has changed: a heartbeat every half minute is nothing to interrupt somebody for.
  function say() {
    const said = document.getElementById("said");
    const title = document.querySelector("[data-said]");
    if (said && title && said.textContent !== title.dataset.said) said.textContent = title.dataset.said;
  }

  function lost(isLost) {
    document.getElementById("lost").hidden = !isLost;
  }

  readClock();
  say();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSwap", () => { readClock(); say(); lost(false); });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout", "htmx:sseError"]) {
    document.addEventListener(failure, () => lost(true));
  }
})();
