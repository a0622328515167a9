// The form of a report: keeps what is written in this browser until it is sent (kept.js), swaps the parts of the form that
// the server draws anew, and sends it without losing a word when the line is down. The same form works without this.
"use strict";

(() => {
  const form = document.getElementById("filing");
  if (!form) return;
  const instance = form.action.split("/").pop();
  const regions = ["places", "attached", "asked"];
  const afterMs = 400;

  const say = (sentence) => {
    const status = document.getElementById("kept");
    status.textContent = sentence;
    status.hidden = !sentence;
  };

  // -- what is kept ----------------------------------------------------------------------------------------------

  const unkept = new Set(["csrf", "do", "zone", "find"]);
  const minted = new Set(["revision", "operation"]);

  // While what was kept is not shown yet, it must not be kept over.
  let shown = true;

  const keep = () => {
    if (!shown || !form.isConnected) return;
    const fields = [...new FormData(form)].filter(([name, value]) => !unkept.has(name) && typeof value === "string");
    const checklist = document.querySelector("#asked h2");
    const title = form.elements.namedItem("written").value.trim().split("\n")[0] || (checklist ? checklist.textContent : "");
    miratag.write(instance, { at: Date.now(), title: title.slice(0, 200), fields });
  };

  // What was kept is given to the server, which draws the whole form from it, rows and files included.
  const restore = async () => {
    const draft = miratag.read(instance);
    const kept = draft && Array.isArray(draft.fields) ? draft.fields : [];
    if (!kept.length || document.getElementById("trouble")) return;
    const now = JSON.stringify([...new FormData(form)].filter(([name]) => !unkept.has(name) && !minted.has(name)));
    if (JSON.stringify(kept.filter(([name]) => !minted.has(name))) === now) return;
    const body = new URLSearchParams(kept);
    body.set("csrf", form.elements.namedItem("csrf").value);
    body.set("do", "update");
    shown = false;
    const page = await fetched(body);
    if (!page) {
      say(form.dataset.unshown);
      return;
    }
    shown = true;
    form.replaceChildren(...document.adoptNode(page.getElementById("filing")).childNodes);
    drawn();
    say(form.dataset.restored);
  };

  // -- parts that the server draws -------------------------------------------------------------------------------

  const twin = (old, region) => {
    if (old.id) return region.querySelector(`#${CSS.escape(old.id)}`);
    if (!old.name) return null;
    return [...region.querySelectorAll(`[name="${CSS.escape(old.name)}"]`)].find((one) => one.value === old.value);
  };

  const carryOver = (old, fresh) => {
    for (const one of old.querySelectorAll("input, select, textarea")) {
      const other = twin(one, fresh);
      if (!other || one.type === "file" || one.type === "hidden") continue;
      if (one.type === "radio" || one.type === "checkbox") other.checked = one.checked;
      else other.value = one.value;
    }
  };

  // `anew`: rows or fields moved, so that what stands at the same place is not the same field.
  const swap = (page, anew) => {
    const focused = document.activeElement;
    for (const id of regions) {
      const old = document.getElementById(id);
      const fresh = page.getElementById(id);
      if (!old || !fresh) continue;
      const inside = old.contains(focused) ? focused : null;
      if (!(anew && id === "asked")) carryOver(old, fresh);
      const next = inside && twin(inside, fresh);
      const caret = inside && "selectionStart" in inside ? [inside.selectionStart, inside.selectionEnd] : null;
      old.replaceWith(document.adoptNode(fresh));
      if (!next) continue;
      next.focus({ preventScroll: true });
      if (caret && caret[0] !== null) next.setSelectionRange(...caret);
    }
    drawn();
  };

  const drawn = () => {
    form.elements.namedItem("zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    form.dispatchEvent(new CustomEvent("miratag-drawn"));
  };

  let asked = 0;

  const posted = (what) => {
    const data = new FormData(form);
    data.set("do", what);
    return new URLSearchParams(data);
  };

  // The form as the server draws it from these fields; null when another request followed meanwhile, or none answers.
  const fetched = async (body) => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(20000) });
      if (mine !== asked || answer.redirected || !answer.ok) return null;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const one of page.querySelectorAll("noscript")) one.remove(); // parsed so, its controls would be real ones
      return page;
    } catch {
      if (mine === asked) say(form.dataset.offline);
      return null;
    }
  };

  const update = async (what) => {
    if (!shown) return;
    const page = await fetched(posted(what));
    if (!page) return;
    swap(page, /^(add|remove|checklist)\b/.test(what));
    say("");
    keep();
  };

  // -- sending ---------------------------------------------------------------------------------------------------

  let sending = false;

  // The browser's own way of sending, which shows whatever page comes back.
  const sendPlainly = () => {
    const what = document.createElement("input");
    Object.assign(what, { type: "hidden", name: "do", value: "send" });
    form.append(what);
    form.submit();
  };

  // Asked for here first: without a connection the browser would show a page of its own instead of the form. That the
  // same form then comes twice makes no second report.
  const send = async () => {
    if (sending || !shown) return;
    sending = true;
    keep();
    const waiting = [];
    form.dispatchEvent(new CustomEvent("miratag-sending", { detail: waiting }));
    if (waiting.length) say(form.dataset.waiting);
    await Promise.all(waiting);
    if (!form.dispatchEvent(new CustomEvent("miratag-unfinished", { cancelable: true }))) {
      say(form.dataset.unfinished);
      sending = false;
      return;
    }
    keep();
    say(form.dataset.sending);
    try {
      const answer = await fetch(form.action, { method: "POST", body: posted("send"), signal: AbortSignal.timeout(60000) });
      if (answer.redirected) location.assign(answer.url);
      else sendPlainly();
    } catch {
      say(form.dataset.offline);
      sending = false;
    }
  };

  form.addEventListener("submit", (event) => {
    const what = event.submitter ? event.submitter.value : "update";
    event.preventDefault();
    if (what === "send") send();
    else update(what);
  });

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("send"));
    }
  });

  let pause = 0;
  form.addEventListener("input", (event) => {
    keep();
    if (event.target.name !== "find") return;
    clearTimeout(pause);
    pause = setTimeout(() => update("places"), afterMs);
  });

  // Skip logic: what is asked follows from what is answered. Not while a finger or the mouse is down: the button that it
  // is about to press would be another one when it comes up.
  let down = false;
  let due = 0;
  addEventListener("pointerdown", () => { down = true; }, true);
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { down = false; }, true);
  const refresh = (what) => {
    clearTimeout(due);
    due = setTimeout(() => (down ? refresh(what) : update(what)), 150);
  };
  form.addEventListener("change", (event) => {
    const one = event.target;
    if (one.type === "file" || !one.closest("#asked")) return;
    refresh(one.id === "checklist" ? "checklist" : "update");
  });

  form.addEventListener("miratag-arrived", () => {
    keep();
    update("attach");
  });

  form.addEventListener("click", (event) => {
    if (event.target.id !== "leave" || !miratag.read(instance)) return;
    if (confirm(form.dataset.leave)) miratag.discard(instance);
    else event.preventDefault();
  });

  drawn();
  restore();
})();
