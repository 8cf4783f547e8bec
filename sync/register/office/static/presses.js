// Protects against misdirected presses. After a redraw another button may stand under the pointer, and the second
// click of a double-click on it could release the next child or make the next decision.
"use strict";

(() => {
  const DOUBLE_CLICK_MS = 900; // the longest double-click that Windows can be set to
  const PRESS_MS = 2000; // after this, assume a release that the page did not see
  const ANSWER_MS = 10000; // after this, a form without an answer may be sent again
  const live = document.querySelector("[data-live]"); // the part that is redrawn; some pages have none
  const held = new Map(); // the key of a button's action → when the button is enabled again

  const buttons = () => [...document.querySelectorAll("main button:not([type=button])")];
  const action = (control) =>
    [control.form?.getAttribute("action") ?? control.getAttribute("href"), control.name, control.value].join(" ");

  function update(button) {
    const left = (held.get(action(button)) ?? 0) - Date.now();
    if (left <= 0) return button.removeAttribute("aria-disabled");
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => update(button), left); // the wait may have been extended by then
  }

  function hold(list, until) {
    for (const button of list) held.set(action(button), until);
    buttons().forEach(update); // including redrawn ones that were disabled already
  }

  // The press on the previous page; not later than now, in case the clock was set back.
  hold(buttons(), Math.min(Number(sessionStorage.getItem("pressed")), Date.now()) + DOUBLE_CLICK_MS);

  addEventListener("click", (event) => {
    if (!event.detail) return; // from the keyboard, which acts on the focused button wherever it is
    sessionStorage.setItem("pressed", Date.now());
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  }, true);

  let sent = null;
  addEventListener("submit", (event) => {
    if (event.target === sent) event.preventDefault(); // sent again before the answer
    else sent = event.target;
    setTimeout(() => { sent = null; }, ANSWER_MS);
  });
  addEventListener("pageshow", () => { sent = null; }); // the user navigated back

  if (!live) return;

  // Do not redraw while a pointer or key is down: the press would be lost.
  let pressed = -PRESS_MS;
  let redrawDue = false;

  function release() {
    pressed = -PRESS_MS;
    if (redrawDue) htmx.trigger(live, "due");
    redrawDue = false;
  }

  for (const down of ["pointerdown", "keydown"]) {
    addEventListener(down, (event) => { if (!event.repeat) pressed = performance.now(); }, true);
  }
  for (const up of ["pointerup", "pointercancel", "keyup"]) addEventListener(up, release, true);
  addEventListener("blur", release); // the window lost the focus

  let places = []; // each control's action and position before the redraw
  let focused = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (performance.now() - pressed < PRESS_MS) {
      event.detail.shouldSwap = false;
      redrawDue = true;
    }
    const all = document.querySelectorAll("main :is(a, button, summary, input, select, textarea, label)");
    places = [...all].map((each) => [action(each), each.getBoundingClientRect()]);
    focused = document.activeElement;
  });

  const overlap = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  function hasReplacedAnother(button) {
    const place = button.getBoundingClientRect();
    return places.some(([name, before]) => name !== action(button) && overlap(place, before));
  }

  document.addEventListener("htmx:afterSwap", () => {
    hold(buttons().filter(hasReplacedAnother), Date.now() + DOUBLE_CLICK_MS);
    if (document.activeElement === focused) return;
    // A browser without Element.moveBefore drops the focus even from preserved elements.
    const same = focused.isConnected ? focused
      : [...live.querySelectorAll("a, button, input, select")].find((each) => action(each) === action(focused));
    same?.focus({ preventScroll: true });
  });
})();
