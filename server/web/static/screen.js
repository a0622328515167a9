// Shows the next code when its step begins. Between two steps nothing is asked. Without the network the old code goes
// when it has ended, the page says so, and each try waits longer, up to a quarter of a minute.
"use strict";

(() => {
  const shown = document.getElementById("shown");
  const left = document.getElementById("left");
  const lost = document.getElementById("lost");
  const gone = document.getElementById("gone");
  const most_pause = 15_000;
  let pause = 1_000;
  let due = 0;
  let ends = 0;

  const ends_in = (within) => Number(within.querySelector("[data-ends-in]").dataset.endsIn);

  const wait = (milliseconds) => {
    clearTimeout(due);
    due = setTimeout(ask, milliseconds);
  };

  const stands_until = (milliseconds) => {
    ends = performance.now() + milliseconds;
    // A little late rather than a little early: asked early, the old code comes again.
    wait(milliseconds + 50);
  };

  const failed = () => {
    lost.hidden = false;
    if (performance.now() >= ends) shown.replaceChildren();
    wait(pause);
    pause = Math.min(pause * 2, most_pause);
  };

  const ask = async () => {
    try {
      const answer = await fetch(shown.dataset.source, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(8_000) });
      if (answer.status === 404) {
        shown.replaceChildren();
        lost.hidden = left.hidden = true;
        gone.hidden = false;
        wait(60_000); // an admin may have made a mistake, and the address may come to life with the server
        return;
      }
      if (!answer.ok) return failed();
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("now");
      if (!fresh) return failed();
      shown.replaceChildren(document.adoptNode(fresh));
      lost.hidden = gone.hidden = true;
      left.hidden = !shown.querySelector(".code");
      pause = 1_000;
      stands_until(ends_in(shown));
    } catch {
      failed();
    }
  };

  const paint = () => {
    left.value = Math.max(0, (ends - performance.now()) / 1000);
  };

  left.hidden = !shown.querySelector(".code");
  stands_until(ends_in(shown));
  setInterval(() => document.visibilityState === "visible" && paint(), 1000);
  paint();
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
})();
