// On a public page whose visitor allowed it: that it was shown, and how long it took. The server rounds the time, looks at
// the choice once more, and keeps numbers only.
"use strict";

addEventListener("load", () => {
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") return;
  setTimeout(() => { // what the browser measures is whole only after the event
    const page = document.body.dataset.page;
    const events = [{ name: "page.viewed", fields: { page, scripts: true } }];
    const [loading] = performance.getEntriesByType("navigation");
    if (loading && loading.loadEventEnd > 0) {
      events.push({ name: "page.timing", fields: { page, load_ms: Math.round(loading.loadEventEnd) } });
    }
    navigator.sendBeacon("/beacon.gif", new Blob([JSON.stringify(events)], { type: "application/json" }));
  });
});
