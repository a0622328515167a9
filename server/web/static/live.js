// Parts of a page that renew themselves: every minute while somebody looks, and at once when they come back to it.
"use strict";

(() => {
  const part = document.querySelector("[data-live]");
  if (!part) return;
  const stale = document.getElementById("not-live");
  const every = 60_000;
  let due = 0;

  const say = () => part.querySelectorAll("[data-renewed]").forEach((one) => (one.hidden = false));

  const renew = async () => {
    clearTimeout(due);
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(part.dataset.live, { redirect: "error", signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      part.replaceChildren(...fresh.childNodes);
      stale.hidden = true;
      say();
    } catch {
      stale.hidden = false; // offline or signed out: the list stays, and says that it may be old
    }
    due = setTimeout(renew, every);
  };

  say();
  due = setTimeout(renew, every);
  document.addEventListener("visibilitychange", renew);
})();
