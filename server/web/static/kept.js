// What is kept in this browser of reports that somebody writes (filing.js, uploads.js): until it is received or thrown
// away, the person signs out, somebody else signs in, or nobody went on with it for long. Signing out in one tab takes it
// from all of them, what they show included.
"use strict";

const miratag = (() => {
  const LONGEST_MS = 30 * 24 * 3600 * 1000;
  const member = document.body.dataset.member;
  const any = "miratag-draft:";
  const prefix = `${any}${member}:`;
  const channel = new BroadcastChannel("miratag");
  const signOut = document.querySelector('form[action="/sign-out"]');
  const token = () => signOut.elements.namedItem("csrf").value;
  let left = false;

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(any));

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(prefix + name));
    } catch {
      return null;
    }
  };

  // False where the browser keeps nothing: it is full, or was told so.
  const write = (name, value) => {
    if (left) return false;
    try {
      localStorage.setItem(prefix + name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  };

  const forget = (instance) => {
    for (const key of keys()) if (key.startsWith(prefix + instance)) localStorage.removeItem(key);
  };

  // What was begun and not sent, what was written last first.
  const begun = () =>
    keys()
      .filter((key) => key.startsWith(prefix) && !key.endsWith(":files"))
      .map((key) => ({ instance: key.slice(prefix.length), ...read(key.slice(prefix.length)) }))
      .filter((one) => Array.isArray(one.fields))
      .sort((a, b) => b.at - a.at);

  // With its files on the server, as far as no report has them: the server looks.
  const discard = (instance) => {
    const draft = read(instance);
    const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    const named = (draft ? draft.fields : []).filter(([name, value]) => (name === "file" || name.startsWith("a.")) && id.test(value));
    const files = new Set([...named.map(([, value]) => value), ...(read(`${instance}:files`) || []).map((one) => one.id)]);
    for (const one of files) {
      fetch(`/me/files/${one}`, { method: "DELETE", keepalive: true, headers: { "X-Csrf-Token": token() } }).catch(() => {});
    }
    forget(instance);
  };

  // -- what goes -------------------------------------------------------------------------------------------------

  for (const key of keys()) if (!key.startsWith(prefix)) localStorage.removeItem(key);
  for (const { instance, at } of begun()) if (!(Date.now() - at < LONGEST_MS)) forget(instance);
  const report = /^\/reports\/([0-9a-f-]+)$/.exec(location.pathname);
  const done = new URLSearchParams(location.search).get("done");
  if (report && ["sent", "corrected", "here", "beside"].includes(done)) {
    forget(report[1]);
    history.replaceState(null, "", location.pathname); // coming back here must not take a correction begun since
  }

  // Too late to correct: the words that were written stand ready as a comment.
  const late = report && done === "closed" ? read(report[1]) : null;
  const comment = document.getElementById("comment");
  if (late && Array.isArray(late.fields) && comment && !comment.value) {
    comment.value = (late.fields.find(([name]) => name === "written") || ["", ""])[1];
  }

  signOut.addEventListener("submit", (event) => {
    if (begun().length && !confirm(signOut.dataset.unsent)) {
      event.preventDefault();
      return;
    }
    left = true;
    for (const key of keys()) localStorage.removeItem(key);
    channel.postMessage({ left: member });
  });

  // Whoever signed out elsewhere leaves nothing to read here either.
  channel.addEventListener("message", ({ data }) => {
    if (data.left !== member) return;
    left = true;
    document.title = "Miratag";
    for (const one of document.querySelectorAll(".nav, .who, dialog")) one.remove();
    document.getElementById("content").replaceChildren(document.getElementById("left").content.cloneNode(true));
  });

  return { begun, discard, forget, read, write };
})();
