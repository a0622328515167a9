// The form of a report: keeps what is written in this tab until it is sent, swaps the parts of the form that the server
// draws anew, and sends it without losing a word when the line is down. The same form works without this.
"use strict";

(() => {
  const form = document.getElementById("filing");
  if (!form) return;
  const member = document.body.dataset.member;
  const instance = form.action.split("/").pop();
  const key = `miratag-draft:${member}:${instance}`;
  const status = document.getElementById("kept");
  const swapped = ["places", "asked"];
  const afterMs = 400;

  const say = (sentence) => {
    status.textContent = sentence;
    status.hidden = !sentence;
  };

  // -- what is kept ----------------------------------------------------------------------------------------------

  const unkept = new Set(["csrf", "do", "zone", "find"]);

  const keep = () => {
    const fields = [...new FormData(form)].filter(([name, value]) => !unkept.has(name) && typeof value === "string");
    try {
      sessionStorage.setItem(key, JSON.stringify(fields));
    } catch {
      // The tab's storage is full or switched off: the form itself still holds everything.
    }
  };

  const restore = () => {
    const kept = JSON.parse(sessionStorage.getItem(key) || "[]");
    const text = (kept.find(([name]) => name === "written") || ["", ""])[1];
    const box = form.elements.namedItem("written");
    if (!kept.length || document.getElementById("trouble")) return;
    const differs = text !== box.value;
    for (const [name, value] of kept) {
      const found = form.elements.namedItem(name);
      if (found instanceof RadioNodeList) {
        for (const one of found) if (one.type === "radio") one.checked = one.value === value;
      } else if (found && found.type === "radio") found.checked = found.value === value;
      else if (found && found.type !== "checkbox") found.value = value;
    }
    const place = (kept.find(([name]) => name === "place") || ["", ""])[1];
    if (place && ![...form.querySelectorAll('input[name="place"]')].some((one) => one.value === place)) {
      update("places", place);
    }
    if (differs) say(form.dataset.restored);
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

  const swap = (page) => {
    const focused = document.activeElement;
    for (const id of swapped) {
      const old = document.getElementById(id);
      const fresh = page.getElementById(id);
      if (!old || !fresh) continue;
      const inside = old.contains(focused) ? focused : null;
      carryOver(old, fresh);
      const next = inside && twin(inside, fresh);
      const caret = inside && "selectionStart" in inside ? [inside.selectionStart, inside.selectionEnd] : null;
      old.replaceWith(document.adoptNode(fresh));
      if (!next) continue;
      next.focus({ preventScroll: true });
      if (caret && caret[0] !== null) next.setSelectionRange(...caret);
    }
  };

  let asked = 0;

  const posted = (what) => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("do", what);
    return new URLSearchParams(data);
  };

  const update = async (what, place) => {
    const mine = ++asked;
    const body = posted(what);
    if (place) body.set("place", place);
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(20000) });
      if (mine !== asked || answer.redirected || !answer.ok) return;
      swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
      say("");
    } catch {
      if (mine === asked) say(form.dataset.offline);
    }
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
    if (sending) return;
    sending = true;
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

  document.getElementById("leave").addEventListener("click", () => sessionStorage.removeItem(key));
  form.elements.namedItem("zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  restore();
})();
