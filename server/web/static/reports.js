// Keys for the list of reports: J and K move from box to box, A approves, R returns. Boxes and buttons do the same
// without them. The keys work while the list has the focus, and J goes there; elsewhere letters are letters.
"use strict";

(() => {
  const form = document.getElementById("decide");
  if (!form) return;
  const boxes = [...form.elements].filter((one) => one.name === "chosen");
  const words = form.elements.namedItem("words");
  const button = (decision) => form.querySelector(`button[value="${decision}"]`);
  form.querySelector(".keys").hidden = false;

  const typing = (target) => target.closest("textarea, select, input:not([type=checkbox])") !== null;

  const choose = (at) => {
    if (at >= 0 && !boxes.some((box) => box.checked)) boxes[at].checked = true;
    return boxes.some((box) => box.checked);
  };

  const move = (to) => {
    boxes[to].focus();
    boxes[to].closest("tr").scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const at = boxes.indexOf(event.target);
    if (key === "j" && (at >= 0 || event.target === document.body)) move(Math.min(at + 1, boxes.length - 1));
    else if (at < 0) return;
    else if (key === "k") move(Math.max(at - 1, 0));
    else if (key === "a" && choose(at)) form.requestSubmit(button("approved"));
    else if (key === "r" && choose(at) && words.value.trim()) form.requestSubmit(button("returned"));
    else if (key === "r") words.focus();
    else return;
    event.preventDefault();
  });
})();
