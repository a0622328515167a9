// What a report's form keeps in this tab until it is sent (filing.js) goes when it was received, when the person signs
// out, and when somebody else signs in.
"use strict";

(() => {
  const member = document.body.dataset.member;
  const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith("miratag-draft:"));
  for (const key of drafts()) if (!key.startsWith(`miratag-draft:${member}:`)) sessionStorage.removeItem(key);

  const report = /^\/reports\/([0-9a-f-]+)$/.exec(location.pathname);
  const done = new URLSearchParams(location.search).get("done");
  if (report && ["sent", "corrected", "here", "beside"].includes(done)) {
    for (const key of drafts()) if (key.startsWith(`miratag-draft:${member}:${report[1]}`)) sessionStorage.removeItem(key);
  }

  document.querySelector('form[action="/sign-out"]').addEventListener("submit", () => {
    for (const key of drafts()) sessionStorage.removeItem(key);
  });
})();
