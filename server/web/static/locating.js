// Where this device is, said once for one check-in because the person pressed for it, and shown before it is sent. A device
// that may not tell and one that cannot tell read alike, and neither keeps anybody from checking in.
"use strict";

(() => {
  const NAMES = ["latitude", "longitude", "accuracy"];

  for (const area of document.querySelectorAll("[data-locating]")) {
    const form = area.closest("form");
    const said = area.querySelector("[data-said]");
    const ask = area.querySelector("[data-locate]");
    const leaveOut = area.querySelector("[data-leave-out]");
    let asked = 0;

    const forget = (sentence) => {
      for (const name of NAMES) form.elements.namedItem(name)?.remove();
      leaveOut.hidden = true;
      ask.disabled = false;
      said.textContent = sentence;
    };

    const keep = ({ latitude, longitude, accuracy }) => {
      forget("");
      const told = { latitude: latitude.toFixed(5), longitude: longitude.toFixed(5), accuracy: String(Math.ceil(accuracy)) };
      for (const name of NAMES) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value: told[name] });
        area.append(field);
      }
      said.textContent = area.dataset.told.replace(/\{(\w+)\}/g, (_whole, name) => told[name]);
      leaveOut.hidden = false;
    };

    ask.addEventListener("click", () => {
      const turn = (asked += 1);
      forget(area.dataset.asking);
      ask.disabled = true;
      const untold = () => { if (turn === asked) forget(area.dataset.untold); };
      if (!navigator.geolocation) return untold();
      navigator.geolocation.getCurrentPosition(
        (found) => { if (turn === asked) keep(found.coords); }, untold, { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 },
      );
    });
    leaveOut.addEventListener("click", () => { asked += 1; forget(""); });
    // What the browser keeps of a page that is gone back to is not pressed for again.
    addEventListener("pageshow", () => { asked += 1; forget(""); });
    area.hidden = false;
  }
})();
