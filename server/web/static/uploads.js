// Files of a report's form: each goes to the server in pieces as soon as it is chosen, goes on where a broken line or a
// reload stopped it, and is part of the form once it is there in full. Without this the form brings its files itself.
"use strict";

(() => {
  const form = document.getElementById("filing");
  if (!form) return;
  const words = form.dataset;
  const kept = `${form.action.split("/").pop()}:files`;
  const SMALLEST = 64 * 1024;
  const LARGEST = 8 * 1024 * 1024;
  const MOST_WAIT = 30000;
  const coming = [];

  const token = () => form.elements.namedItem("csrf").value;

  const remember = () => {
    const unfinished = coming.map(({ id, into, name, size, modified, keep }) => ({ id, into, name, size, modified, keep }));
    // Where nothing can be kept, the file begins anew after a reload, and nothing else is lost.
    miratag.write(kept, unfinished.filter((one) => one.id));
  };

  // -- one line for each file that is on its way -----------------------------------------------------------------

  const draw = (one) => {
    const list = form.querySelector(`ul[data-into="${CSS.escape(one.into)}"]`);
    if (!one.line) {
      one.line = document.createElement("li");
      one.line.className = "coming";
      const name = document.createElement("bdi");
      name.textContent = one.name;
      one.bar = document.createElement("progress");
      one.bar.max = one.size;
      one.bar.setAttribute("aria-label", one.name);
      one.told = document.createElement("span");
      one.told.className = "small soft";
      one.told.setAttribute("role", "status");
      const buttons = document.createElement("span");
      buttons.className = "row";
      one.retry = button(words.retry, () => begin(one));
      buttons.append(one.retry, button(words.remove, () => remove(one)));
      one.line.append(name, one.bar, one.told, buttons);
    }
    one.bar.value = one.offset;
    one.told.textContent = one.sentence;
    one.retry.hidden = one.going || !one.file;
    if (list && one.line.parentNode !== list) list.append(one.line);
  };

  const button = (text, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "link-button";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  };

  const remove = (one) => {
    one.gone = true;
    if (one.abort) one.abort.abort();
    if (one.id) fetch(`/me/files/${one.id}`, { method: "DELETE", headers: { "X-Csrf-Token": token() } }).catch(() => {});
    drop(one);
    one.finished();
  };

  const drop = (one) => {
    if (coming.includes(one)) coming.splice(coming.indexOf(one), 1);
    if (one.line) one.line.remove();
    remember();
  };

  // -- the way of one file ---------------------------------------------------------------------------------------

  class Refused extends Error {}

  const ask = async (one, method, address, body, headers) => {
    one.abort = new AbortController();
    const patience = setTimeout(() => one.abort.abort(), 120000);
    try {
      const answer = await fetch(address, {
        method, body, redirect: "manual", signal: one.abort.signal, headers: { "X-Csrf-Token": token(), ...headers },
      });
      if (answer.type === "opaqueredirect") throw new Refused(words.ended);
      const said = await answer.json();
      if (answer.status === 409) return null; // another request was faster: ask how far it is
      if (answer.status >= 500 || answer.status === 408 || answer.status === 429) throw new TypeError(said.sentence);
      if (!answer.ok) throw new Refused(said.sentence);
      return said;
    } finally {
      clearTimeout(patience);
    }
  };

  const online = (wait) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, wait * (0.5 + Math.random() / 2));
      addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
    });

  const step = async (one) => {
    if (!one.id) {
      const announced = JSON.stringify({ name: one.name, size: one.size, keep: one.keep });
      one.state = await ask(one, "POST", "/me/files", announced, { "Content-Type": "application/json" });
      one.id = one.state.media_id;
      remember();
      return;
    }
    if (!one.state) {
      one.state = await ask(one, "GET", `/me/files/${one.id}`);
      return;
    }
    const from = one.state.offset;
    const piece = one.file.slice(from, from + one.piece);
    const begun = performance.now();
    if (from + piece.size >= one.size) {
      one.sentence = words.cleaning;
      draw(one);
    }
    one.state = await ask(one, "PATCH", `/me/files/${one.id}`, piece, {
      "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from),
    });
    const took = performance.now() - begun;
    if (took < 700) one.piece = Math.min(LARGEST, one.piece * 2);
    else if (took > 3000) one.piece = Math.max(SMALLEST, one.piece / 2);
  };

  const begin = async (one) => {
    if (one.going) return;
    Object.assign(one, { going: true, sentence: "", state: null, failed: false });
    let wait = 1000;
    draw(one);
    while (!one.gone && !(one.state && one.state.held)) {
      try {
        await step(one);
        wait = 1000;
        one.offset = one.state ? one.state.offset : one.offset;
        one.sentence = "";
      } catch (error) {
        if (one.gone) break;
        if (error instanceof Refused) {
          Object.assign(one, { going: false, failed: true, sentence: error.message, id: null, offset: 0 });
          draw(one);
          remember();
          one.finished();
          return;
        }
        one.state = null;
        one.sentence = words.paused;
        draw(one);
        await online(wait);
        wait = Math.min(MOST_WAIT, wait * 2);
      }
      draw(one);
    }
    one.going = false;
    if (one.gone) return;
    one.held = true;
    one.finished();
    form.dispatchEvent(new CustomEvent("miratag-arrived"));
  };

  // One after the other: on a bad line two at once only both take longer.
  let last = Promise.resolve();
  const queue = (one) => {
    one.done = new Promise((resolve) => { one.finished = resolve; });
    draw(one);
    last = last.then(() => (one.gone ? undefined : begin(one)));
  };

  const fresh = (into, file, known = {}) => ({
    id: null, offset: 0, into, piece: 256 * 1024, sentence: "", going: false, held: false, name: file.name, size: file.size,
    modified: file.lastModified, keep: form.elements.namedItem("keep").checked, ...known, file,
  });

  form.addEventListener("change", (event) => {
    const picker = event.target;
    if (picker.type !== "file") return;
    for (const file of picker.files) {
      const waiting = coming.find((one) => !one.file && one.name === file.name && one.size === file.size && one.modified === file.lastModified);
      if (waiting) waiting.file = file;
      else coming.push(fresh(picker.dataset.into, file));
      queue(waiting || coming.at(-1));
    }
    picker.value = "";
  });

  form.addEventListener("miratag-file", ({ detail }) => {
    coming.push(fresh(detail.into, detail.file));
    queue(coming.at(-1));
  });

  // -- the form: what arrived is part of it, and it waits for what is on its way ----------------------------------

  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value instanceof File) formData.delete(name);
    for (const one of coming) if (one.held) formData.append(one.into, one.id);
  });

  form.addEventListener("miratag-sending", (event) => {
    event.detail.push(...coming.filter((one) => one.file && !one.held).map((one) => one.done));
  });
  form.addEventListener("miratag-unfinished", (event) => {
    if (coming.some((one) => !one.held)) event.preventDefault();
  });

  // After a part of the form was drawn anew: what is shown there by the server needs no line of ours.
  form.addEventListener("miratag-drawn", () => {
    for (const one of [...coming]) {
      const shown = one.held && form.querySelector(`input[name="${CSS.escape(one.into)}"][value="${one.id}"]`);
      if (shown) drop(one);
      else draw(one);
    }
  });

  for (const known of miratag.read(kept) || []) {
    const one = fresh(known.into, { name: known.name, size: known.size, lastModified: known.modified }, known);
    Object.assign(one, { file: null, sentence: words.again, done: Promise.resolve(), finished: () => {} });
    coming.push(one);
    ask(one, "GET", `/me/files/${one.id}`).then((state) => {
      if (!state) return;
      Object.assign(one, { offset: state.offset, held: state.held });
      draw(one);
      if (one.held) form.dispatchEvent(new CustomEvent("miratag-arrived"));
    }, () => drop(one));
    draw(one);
  }
})();
