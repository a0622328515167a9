// A signature drawn on the page: it becomes a picture that is attached like any other (uploads.js). Without this a picture
// of one is chosen as a file.
"use strict";

(() => {
  const form = document.getElementById("filing");
  if (!form) return;

  const show = () => {
    for (const area of form.querySelectorAll(".signing")) area.hidden = false;
  };

  const clear = (canvas) => {
    const ink = canvas.getContext("2d");
    ink.fillStyle = "white";
    ink.fillRect(0, 0, canvas.width, canvas.height);
    delete canvas.dataset.drawn;
  };

  const at = (canvas, event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };

  form.addEventListener("pointerdown", (event) => {
    const canvas = event.target.closest(".signing canvas");
    if (!canvas) return;
    event.preventDefault();
    if (!canvas.dataset.drawn) clear(canvas);
    canvas.setPointerCapture(event.pointerId);
    const ink = canvas.getContext("2d");
    Object.assign(ink, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "black" });
    ink.beginPath();
    ink.moveTo(...at(canvas, event));
    canvas.dataset.drawn = "yes";
    const move = (moved) => {
      ink.lineTo(...at(canvas, moved));
      ink.stroke();
    };
    const end = () => canvas.removeEventListener("pointermove", move);
    canvas.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, end, { once: true });
  });

  form.addEventListener("click", (event) => {
    const area = event.target.closest(".signing");
    if (!area) return;
    const canvas = area.querySelector("canvas");
    if (event.target.closest('[data-sign="clear"]')) clear(canvas);
    if (!event.target.closest('[data-sign="use"]') || !canvas.dataset.drawn) return;
    canvas.toBlob((picture) => {
      const file = new File([picture], "signature.png", { type: "image/png" });
      form.dispatchEvent(new CustomEvent("miratag-file", { detail: { into: area.dataset.into, file } }));
      clear(canvas);
    });
  });

  form.addEventListener("miratag-drawn", show);
  show();
})();
