// The clock, refreshing, the summary for screen readers, and the warning that the page is out of date.
"use strict";

(() => {
  const body = document.body;
  const live = document.querySelector("[data-live]"); // the part that refreshes itself; some pages have none
  let pulse = JSON.parse(body.dataset.pulse); // the register's latest time and counts
  let pulseAt = performance.now(); // when it arrived; the page's clock runs on from the register's time, not the computer's
  let askedAt = pulseAt;
  let content = null;

  const time = (style, instant) =>
    new Intl.DateTimeFormat("en-GB", { timeStyle: style, timeZone: pulse.zone }).format(instant);

  function refresh(latest) {
    pulse = latest;
    pulseAt = performance.now();
    setStale(false);
    for (const page of ["needs", "leaving"]) {
      const count = document.getElementById(`${page}-count`);
      if (count) count.textContent = pulse[page] || "";
    }
    const late = pulse.overdue.join("; ");
    const overdue = document.getElementById("overdue-pupils");
    if (overdue.textContent !== late) overdue.textContent = late;
    document.getElementById("overdue").hidden = !late;
    announce();
  }

  // The summary is set only when it changes: a heartbeat every half minute must not interrupt a screen reader.
  function announce() {
    const name = document.title.replace(/^\(\d+\) /, ""); // the tab shows the number of waiting requests
    document.title = pulse.leaving ? `(${pulse.leaving}) ${name}` : name;
    const summary = document.getElementById("page-summary");
    if (summary.textContent !== pulse.summary) summary.textContent = pulse.summary;
  }

  // The content is as of `since`; nothing on a stale page may claim to be newer.
  function setStale(isStale) {
    if (isStale === body.classList.contains("stale")) return;
    const since = time("short", Date.parse(pulse.now));
    for (const place of document.querySelectorAll("[data-as-of]")) place.textContent = since;
    document.getElementById("lost-since").textContent = isStale ? `Not up to date since ${since}.` : "";
    document.getElementById("lost-advice").textContent = isStale ? "Marks may be missing: hold first-day calls." : "";
    document.getElementById("lost").hidden = !isStale;
    body.classList.toggle("stale", isStale);
  }

  const staleAfter = () => Number(body.dataset.staleAfterMs);
  const pollAfter = () => staleAfter() / 3; // one lost answer must not make the page stale

  function ask() {
    askedAt = performance.now();
    htmx.trigger(live, "due");
  }

  function tick() {
    const now = performance.now();
    const clock = document.getElementById("clock");
    if (clock) clock.textContent = time("medium", Date.parse(pulse.now) + now - pulseAt);
    if (!live) return;
    if (now - pulseAt > staleAfter()) setStale(true);
    if (now - askedAt > (body.classList.contains("stale") ? pollAfter() / 3 : pollAfter())) ask();
  }

  // On the document, so that it also works for redrawn buttons.
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

  announce();
  setInterval(tick, 1000);
  if (!live) return;

  // Without a timeout, a register that hangs would never cause an error.
  document.addEventListener("htmx:configRequest", (event) => { event.detail.timeout = pollAfter(); });
  document.addEventListener("latebook:fresh", (event) => refresh(event.detail));
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, () => setStale(true));
  }
  document.addEventListener("htmx:sseError", ask); // only the stream may have ended: check whether the register answers
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  // Do not redraw unchanged content: the user may have a list open in it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.shouldSwap) return; // an error, or a button is being pressed
    if (event.detail.serverResponse === content) event.detail.shouldSwap = false;
    content = event.detail.serverResponse;
  });
})();
