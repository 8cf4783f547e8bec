// The clock that ticks, the refreshing, the sentence for those who hear the page, and the word that the page is old.
"use strict";

(() => {
  const body = document.body;
  const live = document.querySelector("[data-live]"); // the part that is fetched again; some pages have none
  let pulse = JSON.parse(body.dataset.pulse); // what the register said last: its time, and the counts
  let heard = performance.now(); // when it said so; its time goes on from here, not this computer's
  let asked = heard;
  let content = null;

  const time = (style, instant) =>
    new Intl.DateTimeFormat("en-GB", { timeStyle: style, timeZone: pulse.zone }).format(instant);

  function fresh(said) {
    pulse = said;
    heard = performance.now();
    setStale(false);
    for (const page of ["needs", "leaving"]) {
      const count = document.getElementById(`${page}-count`);
      if (count) count.textContent = pulse[page] || "";
    }
    const late = pulse.overdue.join("; ");
    const overdue = document.getElementById("overdue-said");
    if (overdue.textContent !== late) overdue.textContent = late;
    document.getElementById("overdue").hidden = !late;
    say();
  }

  // Announced only when it changes: a heartbeat every half minute must not interrupt a screen reader.
  function say() {
    const name = document.title.replace(/^\(\d+\) /, ""); // the number of waiting requests shows in the tab too
    document.title = pulse.leaving ? `(${pulse.leaving}) ${name}` : name;
    const spoken = document.getElementById("said");
    if (spoken.textContent !== pulse.said) spoken.textContent = pulse.said;
  }

  // What is shown was true at `since`. Nothing on the page may claim more than that.
  function setStale(isStale) {
    if (isStale === body.classList.contains("stale")) return;
    const since = time("short", Date.parse(pulse.now));
    for (const place of document.querySelectorAll("[data-as-of]")) place.textContent = since;
    document.getElementById("lost-said").textContent = isStale ? `Not up to date since ${since}.` : "";
    document.getElementById("lost-do").textContent = isStale ? "Marks may be missing: hold first-day calls." : "";
    document.getElementById("lost").hidden = !isStale;
    body.classList.toggle("stale", isStale);
  }

  const staleAfter = () => Number(body.dataset.staleAfterMs);
  const patience = () => staleAfter() / 3; // so that one lost answer does not make the page stale

  function ask() {
    asked = performance.now();
    htmx.trigger(live, "due");
  }

  function tick() {
    const now = performance.now();
    const clock = document.getElementById("clock");
    if (clock) clock.textContent = time("medium", Date.parse(pulse.now) + now - heard);
    if (!live) return;
    if (now - heard > staleAfter()) setStale(true);
    if (now - asked > (body.classList.contains("stale") ? patience() / 3 : patience())) ask();
  }

  // Wherever it stands, also in a part that was redrawn.
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

  say();
  setInterval(tick, 1000);
  if (!live) return;

  // A register that hangs takes a request and answers never: no error would come of it.
  document.addEventListener("htmx:configRequest", (event) => { event.detail.timeout = patience(); });
  document.addEventListener("latebook:fresh", (event) => fresh(event.detail));
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, () => setStale(true));
  }
  document.addEventListener("htmx:sseError", ask); // the stream alone may have ended: see whether the rest answers
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  // Unchanged content is not redrawn: a user may have a list in it open.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.shouldSwap) return; // an error, or a press is under way
    if (event.detail.serverResponse === content) event.detail.shouldSwap = false;
    content = event.detail.serverResponse;
  });
})();
