// A press means what stood there when somebody pressed: the second one of a double press is not meant for the
// button that has come there in the meantime, which could release the next child or decide the next question.
"use strict";

(() => {
  const TWICE_MS = 900; // the longest double-click that Windows can be set to
  const PRESS_MS = 2000; // who has not let go by now did so where this page could not see it
  const ANSWER_MS = 10000; // a form without an answer for so long may be sent again
  const live = document.querySelector("[data-live]"); // the part that is redrawn; some pages have none
  const held = new Map(); // what a button does, and until when it waits

  // The keyboard goes by the focus and not by the place: it may always press a button.
  const buttons = () => [...document.querySelectorAll("main button:not([type=button])")];
  const deed = (of) => [of.form?.getAttribute("action") ?? of.getAttribute("href"), of.name, of.value].join(" ");

  function wait(button) {
    const left = (held.get(deed(button)) ?? 0) - Date.now();
    if (left <= 0) return button.removeAttribute("aria-disabled");
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => wait(button), left); // by then it may have to wait for longer
  }

  function hold(those, until) {
    for (const button of those) held.set(deed(button), until);
    buttons().forEach(wait); // also those that waited already and were redrawn
  }

  // Pressed on the page before this one; never later than now, should the clock have been set back.
  hold(buttons(), Math.min(Number(sessionStorage.getItem("pressed")), Date.now()) + TWICE_MS);

  addEventListener("click", (event) => {
    if (!event.detail) return; // by the keyboard
    sessionStorage.setItem("pressed", Date.now());
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  }, true);

  let sent = null;
  addEventListener("submit", (event) => {
    if (event.target === sent) event.preventDefault(); // again, before its answer has come
    else sent = event.target;
    setTimeout(() => { sent = null; }, ANSWER_MS);
  });
  addEventListener("pageshow", () => { sent = null; }); // gone back to

  if (!live) return;

  // Nothing is redrawn under a finger or while a key is down: the press would be lost.
  let pressed = -PRESS_MS;
  let owed = false;

  function letGo() {
    pressed = -PRESS_MS;
    if (owed) htmx.trigger(live, "due");
    owed = false;
  }

  for (const down of ["pointerdown", "keydown"]) {
    addEventListener(down, (event) => { if (!event.repeat) pressed = performance.now(); }, true);
  }
  for (const up of ["pointerup", "pointercancel", "keyup"]) addEventListener(up, letGo, true);
  addEventListener("blur", letGo); // of the window

  let places = []; // what could be pressed, and where
  let focused = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (performance.now() - pressed < PRESS_MS) {
      event.detail.shouldSwap = false;
      owed = true;
    }
    const all = document.querySelectorAll("main :is(a, button, summary)");
    places = [...all].map((each) => [deed(each), each.getBoundingClientRect()]);
    focused = document.activeElement;
  });

  const meet = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  function standsWhereAnotherStood(button) {
    const place = button.getBoundingClientRect();
    return places.some(([what, was]) => what !== deed(button) && meet(place, was));
  }

  document.addEventListener("htmx:afterSwap", () => {
    hold(buttons().filter(standsWhereAnotherStood), Date.now() + TWICE_MS);
    if (document.activeElement === focused) return;
    // A browser without Element.moveBefore takes the focus from what is kept, too.
    const same = focused.isConnected ? focused
      : [...live.querySelectorAll("a, button, input, select")].find((each) => deed(each) === deed(focused));
    same?.focus({ preventScroll: true });
  });
})();
