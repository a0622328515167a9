// A kiosk stands alone: its keypad writes into the field that has the turn, it leaves nothing behind when somebody walks
// away, and without the network it says so on its own page rather than end on the browser's.
"use strict";

(() => {
  const main = document.getElementById("content");
  const lost = document.getElementById("lost");
  const start = main.dataset.start;
  const again = 5_000;

  const reachable = async () => {
    try {
      const answer = await fetch(start, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(8_000) });
      return answer.ok;
    } catch {
      return false;
    }
  };

  let sent = false;
  document.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sent) return;
    sent = true;
    const form = event.target;
    const pressed = event.submitter;
    lost.hidden = true;
    if (!(await reachable())) {
      sent = false;
      lost.hidden = false;
      return;
    }
    if (pressed && pressed.name) {
      const value = document.createElement("input");
      Object.assign(value, { type: "hidden", name: pressed.name, value: pressed.value });
      form.append(value);
    }
    form.submit();
  });

  const back = async () => {
    if (await reachable()) return location.replace(start);
    lost.hidden = false;
    setTimeout(back, again);
  };
  for (const link of main.querySelectorAll("a[href]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      back();
    });
  }
  if (main.dataset.back) setTimeout(back, Number(main.dataset.back) * 1000);

  addEventListener("pageshow", () => {
    sent = false;
  });
})();

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

  // Back to this page by the browser's own way: it is a new person's.
  addEventListener("pageshow", forget);
})();
