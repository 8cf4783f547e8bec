// A press means what stood there when somebody pressed: the second one of a double press is not meant for the
// button that has come there in the meantime, which could release the next child or decide the next question.
"use strict";

(() => {
  const TWICE_MS = 900; // the longest double-click that Windows can be set to
  const PRESS_MS = 2000; // who has not let go by now did so where this page could not see it
  const live = document.querySelector("[data-live]"); // the part that is drawn anew; some pages have none
  const held = new Map(); // what a button does, and until when it waits

  // The keyboard goes by the focus and not by the place: it may always press a button.
  const buttons = () => [...document.querySelectorAll("main button:not([type=button])")];
  const deed = (of) => [of.form?.getAttribute("action") ?? of.getAttribute("href"), of.name, of.value].join(" ");

  function wait(button) {
    const left = (held.get(deed(button)) ?? 0) - Date.now();
    if (left <= 0) return;
    button.ariaDisabled = "true";
    setTimeout(() => { button.ariaDisabled = null; }, left);
  }

  function hold(those, until) {
    for (const button of those) held.set(deed(button), until);
    buttons().forEach(wait); // those too that waited already, and have been drawn anew
  }

  hold(buttons(), Number(sessionStorage.getItem("pressed")) + TWICE_MS); // pressed on the page before this one

  addEventListener("click", (event) => {
    if (!event.detail) return; // by the keyboard
    sessionStorage.setItem("pressed", Date.now());
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  }, true);

  let sent = 0;
  addEventListener("submit", (event) => {
    if (Date.now() - sent < TWICE_MS) event.preventDefault(); // the same form again, before its answer has come
    else sent = Date.now();
  });

  if (!live) return;

  // Nothing is drawn anew under a finger or while a key is down: the press would be lost.
  let pressed = 0;
  let owed = false;

  function letGo() {
    pressed = 0;
    if (owed) htmx.trigger(live, "due");
    owed = false;
  }

  for (const down of ["pointerdown", "keydown"]) addEventListener(down, () => { pressed = Date.now(); }, true);
  for (const up of ["pointerup", "pointercancel", "keyup"]) addEventListener(up, letGo, true);
  addEventListener("blur", letGo); // of the window

  let places = new Map();
  let focused = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (Date.now() - pressed < PRESS_MS) {
      event.detail.shouldSwap = false;
      owed = true;
    }
    places = new Map(buttons().map((button) => [deed(button), button.getBoundingClientRect()]));
    focused = document.activeElement;
  });

  const meet = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  function standsWhereAnotherStood(button) {
    const place = button.getBoundingClientRect();
    return [...places].some(([what, was]) => what !== deed(button) && meet(place, was));
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
