// Parts of a page that renew themselves when something changed. The server says only that it did; the page then asks for
// its parts, at most once a second, and only while somebody looks. Nothing is asked in between.
"use strict";

(() => {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length) return;
  const stale = document.getElementById("not-live");
  const said = document.getElementById("live-said");
  const rest = 1_000;
  const quiet = 30_000; // between two sentences for a screen reader
  let stream = null;
  let asking = false;
  let again = false;
  let asked = -Infinity;
  let due = 0;
  let back = 0;
  let pause = 5_000;
  let over = false;

  const looked_at = () => document.visibilityState === "visible";

  // What stays the same stays the same element, so that the focus, a selection and the reader's place are kept.
  const patch = (old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.data = fresh.data;
      return;
    }
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    patch_inside(old, fresh);
  };

  const patch_inside = (old, fresh) => {
    const [had, has] = [[...old.childNodes], [...fresh.childNodes]];
    has.forEach((one, at) => (at < had.length ? patch(had[at], one) : old.append(one)));
    had.slice(has.length).forEach((one) => one.remove());
  };

  const sentences = () => parts.flatMap((part) => [...part.querySelectorAll("[data-say]")].map((one) => one.dataset.say));
  let told = sentences().join(" ");
  let telling = 0;
  let told_at = -Infinity;

  const tell = () => {
    telling = 0;
    const now = sentences().join(" ");
    if (!said || now === told) return;
    said.textContent = told = now;
    told_at = performance.now();
  };

  const fetch_part = async (part) => {
    const answer = await fetch(part.dataset.live, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
    if (answer.type === "opaqueredirect") over = true; // to the page for signing in
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(`<div>${await answer.text()}</div>`, "text/html");
    patch_inside(part, fresh.body.firstElementChild);
    show(part);
  };

  // Some things become true by the clock alone, and the server says when the next of them does.
  const show = (part) => {
    part.querySelectorAll("[data-renewed]").forEach((one) => (one.hidden = false));
    const next = part.querySelector("[data-next]");
    clearTimeout(part.due);
    if (next) part.due = setTimeout(renew, Number(next.dataset.next) * 1_000);
  };

  const renew = async () => {
    if (asking || due) {
      again = asking;
      return;
    }
    if (!looked_at()) return;
    const wait = asked + rest - performance.now();
    if (wait > 0) {
      due = setTimeout(() => {
        due = 0;
        renew();
      }, wait);
      return;
    }
    asking = true;
    asked = performance.now();
    try {
      await Promise.all(parts.map(fetch_part));
      stale.hidden = true;
      telling ||= setTimeout(tell, Math.max(0, told_at + quiet - performance.now()));
    } catch {
      stale.hidden = false; // offline or signed out: what is there stays, and says that it may be old
    }
    asking = false;
    if (again) {
      again = false;
      renew();
    }
  };

  const leave = () => {
    clearTimeout(back);
    stream?.close();
    stream = null;
  };

  const listen = () => {
    leave();
    stream = new EventSource("/live");
    stream.onopen = () => {
      clearTimeout(back);
      pause = 5_000;
      renew();
    };
    stream.onmessage = renew;
    stream.addEventListener("ended", () => {
      leave(); // other tabs took its turn, or the sign-in is over, which the next answer tells
      renew();
    });
    stream.onerror = () => {
      if (stream?.readyState !== EventSource.CLOSED) {
        clearTimeout(back); // the browser tries again by itself, mostly before anybody minds
        back = setTimeout(() => (stale.hidden = false), 15_000);
        return;
      }
      leave();
      back = setTimeout(() => looked_at() && !over && listen(), pause);
      pause = Math.min(pause * 2, 300_000);
      renew();
    };
  };

  const look = () => {
    if (!looked_at()) return leave();
    over = false; // perhaps somebody signed in again in another tab
    renew();
    listen();
  };

  parts.forEach(show);
  if (looked_at()) listen();
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => event.persisted && look());
})();
