// The writing screen: Ctrl+S, copies kept by themselves, a session that ended while somebody wrote.
import { startText } from "./text.js";
import { startTokens } from "./tokens.js";

const KEEP_EVERY = 20000;

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

  let edits = 0;
  let saved = 0;
  let kept = 0;
  let leaving = false;
  let saving = null;

  const state = () => document.getElementById("save-state");
  const say = (name) => {
    const line = state();
    line.classList.toggle("dirty", name === "dirty");
    line.classList.toggle("failed", name === "lost");
    line.querySelector("[data-words]").textContent = line.dataset[name] ?? "";
    if (name !== "saved") line.querySelector(".long")?.remove();
  };

  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-aside]")) return;
    edits += 1;
    say("dirty");
  });

  addEventListener("beforeunload", (event) => {
    if (edits !== saved && !leaving) event.preventDefault();
  });

  /** Save without leaving the screen; resolves to whether it worked. */
  function save() {
    if (saving) return saving;
    const before = edits;
    say("saving");
    saving = new Promise((resolve) => {
      form.addEventListener(
        "htmx:afterRequest",
        (event) => {
          const worked = event.detail.successful;
          if (worked) {
            saved = before;
            kept = before;
            if (edits !== before) say("dirty");
            adopt();
            htmx.trigger(document.body, "saved");
          } else if (!event.detail.xhr.status) {
            say("lost");
          }
          saving = null;
          resolve(worked);
        },
        { once: true },
      );
      htmx.ajax("POST", form.getAttribute("action"), {
        source: form,
        target: "#save-state",
        swap: "outerHTML",
        values: { _action: "save" },
      });
    });
    return saving;
  }

  /** A new post has an address once it was saved: everything after that goes there. */
  function adopt() {
    const address = document.getElementById("write-ids").dataset.action;
    if (address) {
      form.setAttribute("action", address);
      form.dataset.autosave = `${address}/autosave`;
    }
  }

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.submitter?.matches("[data-save]")) {
      event.preventDefault();
      save();
    } else {
      leaving = true;
    }
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox], [type=radio])")) return;
    event.preventDefault();
    document.getElementById(event.target.dataset.enter)?.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      save();
    }
  });

  document.addEventListener("click", async (event) => {
    const preview = event.target.closest("[data-preview]");
    const draft = form.querySelector('[data-save] ~ [value="publish"], [data-save] ~ [value="submit"]');
    if (!preview || edits === saved || !draft) return;
    event.preventDefault();
    const opened = open("", "_blank");
    if (await save()) opened.location = preview.href;
    else opened.close();
  });

  setInterval(() => {
    if (edits === kept || saving || !form.dataset.autosave) return;
    kept = edits;
    const line = state();
    htmx.ajax("POST", form.dataset.autosave, { source: form, target: line, swap: "beforeend" });
  }, KEEP_EVERY);

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
