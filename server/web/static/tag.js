// Inside the sandboxed frame of /analytics: one page view, with what this page says of itself and nothing else. The frame
// has no cookies and no storage, so the tag is told to want none, and each view counts by itself.
"use strict";

{
  const { script, measurement, address, page } = document.body.dataset;
  window.dataLayer = window.dataLayer || [];
  window.gtag = function gtag() {
    window.dataLayer.push(arguments); // the tag takes nothing but `arguments`
  };
  window.gtag("js", new Date());
  window.gtag("config", measurement, {
    client_storage: "none",
    client_id: crypto.getRandomValues(new Uint32Array(2)).join("."),
    allow_google_signals: false,
    allow_ad_personalization_signals: false,
    page_location: address,
    page_referrer: "",
    page_title: page,
  });
  const tag = document.createElement("script");
  tag.src = script;
  document.head.append(tag);
}
