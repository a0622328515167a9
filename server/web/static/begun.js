// The list of what was begun in this browser and not sent (kept.js): go on with it, or throw it away. What the page
// itself shows the form of is not in it.
"use strict";

(() => {
  const section = document.getElementById("begun");
  const list = section.querySelector("ul");
  const line = section.querySelector("template").content;
  const form = document.getElementById("filing");
  const shown = form ? form.action.split("/").pop() : "";
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

  const draw = () => {
    const lines = miratag.begun().filter((one) => one.instance !== shown).map((one) => {
      const correction = one.fields.some(([name]) => name === "parents");
      const title = one.title || section.dataset.untitled;
      const made = line.cloneNode(true);
      const [link, when, button] = ["a", "time", "button"].map((name) => made.querySelector(name));
      link.textContent = title;
      link.href = correction ? `/reports/${one.instance}/edit` : `/me/reports/new/${one.instance}`;
      made.querySelector(".pill").hidden = !correction;
      when.dateTime = new Date(one.at).toISOString();
      when.textContent = time.format(one.at);
      button.querySelector(".visually-hidden").textContent = title;
      button.addEventListener("click", () => {
        if (!confirm(section.dataset.ask.replace("{title}", () => title))) return;
        miratag.discard(one.instance);
        draw();
        (list.querySelector("a") || document.getElementById("content")).focus();
      });
      return made;
    });
    list.replaceChildren(...lines);
    section.hidden = !lines.length;
  };

  addEventListener("storage", draw);
  draw();
})();
