// The editor of checklists without waiting for the server where it can: what a kind has shows as soon as the kind is
// chosen, values of a condition are offered and its parts come and go, Alt with an arrow or a drag moves a field.
// Everything does without it, too.
"use strict";

(() => {
  const outline = document.querySelector(".outline");

  // What a kind has.
  for (const select of document.querySelectorAll("select[name=kind]")) {
    const parts = select.form.querySelectorAll("[data-kinds]");
    const show = () => {
      for (const part of parts) part.hidden = !part.dataset.kinds.split(" ").includes(select.value);
    };
    select.addEventListener("change", show);
    show();
  }

  // When a field is shown: comparisons only where there are some, the values that the compared field can have, and parts
  // that are added or removed without a new page. The server draws them.
  const conditions = () => {
    const joint = document.getElementById("joint");
    if (!joint) return;
    const rows = joint.form.querySelector(".comparisons");
    const show = () => { rows.hidden = joint.value === "" || joint.value === "keep"; };
    joint.addEventListener("change", show);
    show();
    for (const row of rows.querySelectorAll("[role=group]")) {
      const field = row.querySelector("select[name=when_field]");
      const values = row.querySelector("datalist");
      field.addEventListener("change", () => {
        const offered = JSON.parse(field.selectedOptions[0].dataset.values || "[]");
        values.replaceChildren(...offered.map((text) => new Option(text, text)));
      });
    }
  };
  conditions();

  const editing = document.getElementById("open");
  if (editing) {
    let changing = false;
    editing.addEventListener("submit", async (event) => {
      const button = event.submitter;
      if (!button || button.name !== "then" || !button.value.startsWith("when:")) return;
      event.preventDefault();
      if (changing) return;
      changing = true;
      const body = new URLSearchParams(new FormData(editing, button));
      const answer = await fetch(editing.action, { method: "POST", body, signal: AbortSignal.timeout(20000) }).catch(() => null);
      const text = answer && answer.ok && !answer.redirected ? await answer.text() : "";
      changing = false;
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("when");
      if (!fresh) {
        const plain = Object.assign(document.createElement("input"), { type: "hidden", name: "then", value: button.value });
        editing.append(plain);
        editing.submit(); // the browser shows what came back instead
        return;
      }
      const next = fresh.querySelector("[autofocus]") || fresh.querySelector(".comparisons select") || fresh.querySelector("select");
      next.autofocus = false; // that is for a page that comes whole
      document.getElementById("when").replaceWith(document.adoptNode(fresh));
      conditions();
      next.focus();
    });
  }

  // Keys. After the step the page comes anew, and the same button has the focus again.
  const kept = "checklist-step";
  if (outline) {
    document.querySelector(".keys").hidden = false;
    outline.addEventListener("keydown", (event) => {
      const step = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.target.closest("form")) return;
      event.preventDefault();
      event.target.closest("li").querySelector(`[data-step=${step}]:not(:disabled)`)?.click();
    });
    outline.addEventListener("click", (event) => {
      const step = event.target.closest("button[data-step]");
      if (step) sessionStorage.setItem(kept, step.dataset.step);
    });
  }

  // Dragging, by mouse or finger. What is dropped goes through the same form as the steps.
  if (outline) {
    const order = document.getElementById("order");
    const lines = [...outline.children];
    const edge = 48;
    let drag = null;

    const depth = (line) => Number(line.dataset.depth);
    const inside = (line) => {
      const held = [];
      for (let next = line.nextElementSibling; next && depth(next) > depth(line); next = next.nextElementSibling) held.push(next);
      return held;
    };

    // Where it would go: over the upper half of a line before it, over the lower half after it, or into what holds others.
    const aim = (y) => {
      const over = lines.find((line) => y < line.getBoundingClientRect().bottom) || lines.at(-1);
      if (drag.own.includes(over)) return null;
      const box = over.querySelector(".line").getBoundingClientRect();
      if (y < box.top + box.height / 2) return { where: "before", over };
      if (!over.classList.contains("holds")) return { where: "after", over };
      const first = over.nextElementSibling;
      if (y > lines.at(-1).getBoundingClientRect().bottom) return { where: "after", over };
      return first && depth(first) > depth(over) && !drag.own.includes(first) ? { where: "before", over: first } : { where: "inside", over };
    };

    const show = (there) => {
      for (const line of lines) line.classList.remove("drop-before", "drop-after", "drop-inside");
      if (there) there.over.classList.add(`drop-${there.where}`);
    };

    const end = () => {
      if (!drag) return;
      for (const line of drag.own) line.classList.remove("dragged");
      show(null);
      drag = null;
    };

    for (const line of lines) {
      const grip = line.querySelector(".grip");
      grip.hidden = false;
      grip.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        grip.setPointerCapture(event.pointerId);
        drag = { line, own: [line, ...inside(line)], there: null };
        for (const one of drag.own) one.classList.add("dragged");
      });
      grip.addEventListener("pointermove", (event) => {
        if (!drag) return;
        if (event.clientY < edge) scrollBy(0, -edge / 4);
        else if (event.clientY > innerHeight - edge) scrollBy(0, edge / 4);
        drag.there = aim(event.clientY);
        show(drag.there);
      });
      grip.addEventListener("pointerup", () => {
        const there = drag && drag.there;
        const place = drag && drag.line.dataset.place;
        end();
        if (!there) return;
        const value = `${there.where}:${place}:${there.over.dataset.place}`;
        order.append(Object.assign(document.createElement("input"), { type: "hidden", name: "do", value }));
        order.submit();
      });
      grip.addEventListener("pointercancel", end);
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") end();
    });
  }

  // The preview asks at once what an answer makes it ask; the server draws it.
  const trying = document.getElementById("trying");
  if (trying) {
    let latest = 0;
    trying.addEventListener("change", async (event) => {
      if (event.target.type === "file") return;
      const mine = ++latest;
      const body = new URLSearchParams([...new FormData(trying)].filter(([, value]) => typeof value === "string"));
      body.set("do", "update");
      const answer = await fetch(trying.action, { method: "POST", body }).catch(() => null);
      if (!answer || !answer.ok || mine !== latest) return;  // the button does the same, and says what is wrong
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const before = document.activeElement;
      document.getElementById("asked").replaceWith(document.adoptNode(page.getElementById("asked")));
      if (before.isConnected || !before.name) return;
      const same = [...trying.elements].filter((one) => one.name === before.name);
      (same.find((one) => one.value === before.value) || same[0])?.focus({ preventScroll: true });
    });
  }

  // Only once the page is shown: the browser takes the focus away when it goes to the place that the address names.
  window.addEventListener("pageshow", () => requestAnimationFrame(() => {
    const there = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const stepped = sessionStorage.getItem(kept);
    sessionStorage.removeItem(kept);
    if (there && ["add", "open"].includes(there.id)) there.querySelector("[name=label]").focus({ preventScroll: true });
    else if (there && stepped) (there.querySelector(`[data-step=${stepped}]:not(:disabled)`) || there.querySelector(".what a"))?.focus();
  }));
})();
