// Photos of a report enlarge over the page: arrows or the buttons go on, Escape closes, and the focus comes back to the
// photo that was shown. Without this script each photo leads to a page of its own.
"use strict";

(() => {
  const viewer = document.querySelector("dialog.viewer");
  const photos = [...document.querySelectorAll("a.enlarge")];
  if (!viewer || !photos.length) return;
  const image = viewer.querySelector("img");
  const [name, place] = [viewer.querySelector("bdi"), viewer.querySelector("figcaption span")];
  const download = viewer.querySelector("a[download]");
  const onward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = onward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
  let at = 0;

  const show = (to) => {
    at = Math.max(0, Math.min(to, photos.length - 1));
    const photo = photos[at];
    image.src = photo.dataset.large;
    image.alt = photo.querySelector("img").alt;
    name.textContent = photo.parentElement.querySelector("figcaption bdi").textContent;
    place.textContent = photos.length > 1 ? `${at + 1} / ${photos.length}` : "";
    download.href = photo.dataset.large.replace(/\/large$/, "");
    viewer.querySelector('[data-go="-1"]').disabled = at === 0;
    viewer.querySelector('[data-go="1"]').disabled = at === photos.length - 1;
  };

  photos.forEach((photo, index) => photo.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    show(index);
    viewer.showModal();
    viewer.querySelector('[data-go="0"]').focus();
  }));

  viewer.addEventListener("keydown", (event) => {
    const to = { [onward]: at + 1, [back]: at - 1, Home: 0, End: photos.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });

  viewer.addEventListener("click", (event) => {
    const go = event.target.dataset.go;
    if (event.target === viewer || go === "0") viewer.close();
    else if (go) show(at + Number(go));
    if (event.target.disabled) viewer.querySelector('[data-go="0"]').focus();
  });

  viewer.addEventListener("close", () => {
    image.removeAttribute("src");
    photos[at].focus();
  });
})();
