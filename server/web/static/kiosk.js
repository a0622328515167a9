// The keypad of a kiosk: it writes into the field that has the turn, and leaves nothing behind when somebody walks away.
"use strict";

(() => {
  const form = document.getElementById("who");
  if (!form) return;
  const number = form.elements.namedItem("number");
  const pin = form.elements.namedItem("pin");
  const keypad = form.querySelector(".keypad");
  const left_alone = 30_000;
  let turn = number;
  let due = 0;

  keypad.hidden = false;
  // With keys on the page a tablet need not bring its own.
  number.inputMode = pin.inputMode = "none";

  const take_turn = (field) => {
    turn = field;
    field.focus();
  };

  const forget = () => {
    form.reset();
    take_turn(number);
  };

  const later = () => {
    clearTimeout(due);
    due = setTimeout(forget, left_alone);
  };

  for (const field of [number, pin]) field.addEventListener("focus", () => (turn = field));

  keypad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (!key) return;
    const pressed = key.dataset.key;
    if (pressed === "next") take_turn(turn === number ? pin : number);
    else {
      turn.value = pressed === "back" ? turn.value.slice(0, -1) : (turn.value + pressed).slice(0, turn.maxLength);
      turn.focus();
    }
    later();
  });

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === number) {
      event.preventDefault();
      take_turn(pin);
    }
    later();
  });

  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // Back to this page by the browser's own way: it is a new person's.
  addEventListener("pageshow", () => {
    sent = false;
    forget();
  });
})();
