// The editor of checklists without waiting for the server where it can: what a kind has shows as soon as the kind is
// chosen, values of a condition are offered, Alt with an arrow moves a field. Everything does without it, too.
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

  // When a field is shown: comparisons only where there are some, and the values that the compared field can have.
  const joint = document.getElementById("joint");
  if (joint) {
    const rows = joint.form.querySelector(".comparisons");
    const show = () => { rows.hidden = joint.value === "" || joint.value === "keep"; };
    joint.addEventListener("change", show);
    show();
    for (const row of rows.querySelectorAll(".comparison")) {
      const field = row.querySelector("select[name=when_field]");
      const values = row.querySelector("datalist");
      field.addEventListener("change", () => {
        const offered = JSON.parse(field.selectedOptions[0].dataset.values || "[]");
        values.replaceChildren(...offered.map((text) => new Option(text, text)));
      });
    }
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
