// The writing screen: Ctrl+S, every deed without leaving the text behind, a session that ended while somebody wrote.
import { startCopies } from "./copies.js";
import { startPane } from "./pane.js";
import { startText } from "./text.js";
import { startTokens } from "./tokens.js";

/** Scroll a tree to its first ticked entry, which may lie far below. */
function showTicked(tree) {
  const ticked = tree.querySelector(":checked");
  if (ticked) tree.scrollTop += ticked.getBoundingClientRect().top - tree.getBoundingClientRect().top - 24;
}

export function startWriting(htmx) {
  const form = document.querySelector("form[data-writing]");
  if (!form) return;
  form.querySelectorAll(".tree").forEach(showTicked);
  startText(form);
  startTokens(form);

  let saved = 0;
  let leaving = false;
  let saving = null;

  const state = () => document.getElementById("save-state");
  const say = (name, words = "") => {
    const line = state();
    line.classList.toggle("dirty", name === "dirty" || name === "kept");
    line.classList.toggle("failed", ["lost", "offline", "alone", "refused"].includes(name));
    const text = name === "kept" ? words.trim() : (line.dataset[name] ?? "");
    line.querySelector("[data-words]").textContent = text;
    if (name !== "saved") line.querySelector(".long")?.remove();
  };

  const copies = startCopies(form, {
    say: (name, words) => !saving && say(name, words),
    busy: () => Boolean(saving),
    signedOut: askToSignIn,
    refresh: (part) => htmx.process(part),
  });
  startPane(copies);

  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-aside]")) return;
    copies.changed();
    if (!copies.offline) say("dirty");
  });
  if (form.hasAttribute("data-restored")) {
    copies.changed();
    say("dirty");
  }

  addEventListener("beforeunload", (event) => {
    if (copies.edits !== saved && !leaving) event.preventDefault();
  });

  /** Do what a button says without leaving the screen; resolves to whether it worked. */
  function save(deed = "save") {
    if (saving) return saving;
    say("saving");
    saving = copies.settled().then(() => request(deed));
    return saving;
  }

  function request(deed) {
    const before = copies.count();
    return new Promise((resolve) => {
      const heard = (event) => {
        const { xhr } = event.detail;
        if (event.target === form && xhr.status >= 200 && xhr.status < 300) done(before, xhr);
      };
      const ended = (event) => {
        if (event.target !== form) return; // a part of the form asked for something of its own
        form.removeEventListener("htmx:beforeOnLoad", heard);
        form.removeEventListener("htmx:afterRequest", ended);
        const worked = event.detail.successful;
        saving = null;
        if (worked) {
          if (copies.edits !== before) say("dirty");
          adopt();
          htmx.trigger(document.body, "saved");
        } else if (!event.detail.xhr.status) {
          say("lost");
          copies.send();
        }
        resolve(worked);
      };
      form.addEventListener("htmx:beforeOnLoad", heard);
      form.addEventListener("htmx:afterRequest", ended);
      htmx.ajax("POST", form.getAttribute("action"), {
        source: form,
        target: "#save-state",
        swap: "outerHTML",
        values: { _action: deed },
      });
    });
  }

  function done(before, xhr) {
    saved = before;
    copies.saved(before);
    if (xhr.getResponseHeader("HX-Redirect")) leaving = true;
  }

  /** A new post has an address once it was saved: everything after that goes there. */
  function adopt() {
    const { action: address, preview } = document.getElementById("write-ids").dataset;
    if (!address || form.getAttribute("action") === address) return;
    form.setAttribute("action", address);
    form.dataset.autosave = `${address}/autosave`;
    form.dataset.lock = `${address}/lock`;
    form.querySelector('[name="_draft"]')?.remove();
    for (const link of document.querySelectorAll("[data-preview]")) link.href = preview;
    copies.moved(`post:${address.split("/").pop()}`);
    copies.beat();
  }

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const button = event.submitter;
    if (button?.dataset.confirm && !button.dataset.asked) return; // asked first, then sent again
    const deed = button?.name === "_action" ? button.value : "";
    if (deed) {
      event.preventDefault();
      save(deed);
    } else {
      leaving = true;
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) leaving = true; // what is offered takes the place of what stands here
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox], [type=radio])")) return;
    event.preventDefault();
    document.getElementById(event.target.dataset.enter)?.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      if (!form.querySelector("[data-part]").inert) save();
    }
  });

  // A session that is over must not take the text along: htmx would go to the sign-in page.
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    if (xhr.status !== 401 && xhr.status !== 403) return;
    if (!xhr.getResponseHeader("HX-Redirect") && xhr.status === 401) return;
    event.preventDefault();
    askToSignIn();
  });

  function askToSignIn() {
    const notices = document.getElementById("notices");
    const line = document.getElementById("signed-out").content.cloneNode(true);
    notices.replaceChildren(line);
    say("dirty");
    addEventListener("focus", renew);
  }

  /** Somebody signed in again in another tab: take the new form token over, and save. */
  async function renew() {
    const answer = await fetch("/admin/session", { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    removeEventListener("focus", renew);
    const { token } = await answer.json();
    for (const field of document.querySelectorAll('input[name="_csrf"]')) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": token }));
    document.getElementById("notices").replaceChildren();
    save();
  }
}
