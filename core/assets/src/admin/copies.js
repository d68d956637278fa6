// Nothing typed is ever lost: a copy goes to the server after each pause, and stays in this browser until it
// has arrived there. Opened again after a crash, what did not arrive is sent first, and then offered.

const PAUSE = 2000;
const LONGEST = 5000;
const LOCAL = 250;
const BEAT = 30000;
const RETRIES = [2000, 4000, 8000, 16000, 30000, 60000];
const LIFE = 3 * 24 * 3600 * 1000;
const PREFIX = "vitral.copy.";
const SECRET = new Set(["_csrf", "_confirm", "_confirmed", "_action", "post_password"]);

/** A key of this window, small letters and digits. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => (byte % 36).toString(36)).join("");
}

const kept = {
  all: () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)),
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  },
};

/** Remove what is too old to be wanted, and on leaving everything: others may sit here next. */
export function startKept() {
  for (const name of kept.all()) {
    const copy = kept.read(name);
    if (!copy || Date.now() - copy.at > LIFE) localStorage.removeItem(name);
  }
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/admin/logout") kept.all().forEach((name) => localStorage.removeItem(name));
  });
}

export function startCopies(form, screen) {
  const window_ = newKey();
  const mark = document.createElement("input");
  mark.type = "hidden";
  mark.name = "_window";
  mark.value = window_;
  form.append(mark);

  let edits = 0; // how often something was typed
  let sent = 0; // of those, what the server has a copy of
  let sending = null;
  let failures = 0;
  let timer = 0;
  let since = 0;
  let localTimer = 0;
  let stored = true;
  let out = false;

  const nameOf = () => `${PREFIX}${form.dataset.keeper}.${form.dataset.place}`;

  const fields = () =>
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SECRET.has(name));

  function keepHere() {
    clearTimeout(localTimer);
    localTimer = 0;
    if (edits === sent) return;
    try {
      localStorage.setItem(nameOf(), JSON.stringify({ at: Date.now(), fields: fields() }));
      stored = true;
    } catch {
      stored = false; // no room: only the server can keep it
    }
  }

  const forgetHere = () => {
    clearTimeout(localTimer);
    localTimer = 0;
    localStorage.removeItem(nameOf());
  };

  const token = () => form.querySelector('input[name="_csrf"]').value;

  function post(url, pairs) {
    const body = new URLSearchParams(pairs);
    return fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRF-Token": token(), Accept: "application/json" },
      redirect: "error",
    });
  }

  /** Send a copy; resolves to whether the server has what stands in the form. */
  function send() {
    clearTimeout(timer);
    timer = 0;
    if (sending) return sending.then(() => (edits === sent ? true : send()));
    if (edits === sent) return Promise.resolve(true);
    if (screen.busy()) {
      timer = setTimeout(send, PAUSE); // the save takes it along
      return Promise.resolve(false);
    }
    since = 0;
    sending = attempt().finally(() => {
      sending = null;
    });
    return sending;
  }

  async function attempt() {
    const pairs = fields(); // an editor puts its last words into the form now, which counts
    const before = edits;
    let answer;
    try {
      answer = await post(form.dataset.autosave, pairs);
    } catch {
      return fail("offline");
    }
    if (answer.status === 401 || answer.status === 403) {
      screen.signedOut();
      return false;
    }
    if (answer.status >= 500 || answer.status === 429) return fail("offline");
    if (!answer.ok) {
      screen.say("refused");
      return false;
    }
    const told = await answer.json();
    failures = 0;
    sent = before;
    if (edits === sent) {
      forgetHere();
      screen.say("kept", told.said);
    }
    hear(told);
    return true;
  }

  function fail(word) {
    keepHere();
    screen.say(stored ? word : "alone");
    timer = setTimeout(send, RETRIES[Math.min(failures, RETRIES.length - 1)]);
    failures += 1;
    return false;
  }

  /** Somebody else writes here: what stands in the form is kept, and can be read, not changed. */
  function hear(told) {
    const notice = document.getElementById("lock-notice");
    if (told.locked === out || told.locked === undefined) return;
    out = told.locked;
    notice.innerHTML = out ? told.notice : "";
    shut();
    if (out) notice.querySelector("button")?.focus();
  }

  function shut() {
    for (const part of form.querySelectorAll("[data-part]")) part.inert = out;
    for (const button of form.querySelectorAll("[name=_action]")) button.disabled = out;
  }

  async function beat() {
    if (!form.dataset.lock || document.visibilityState === "hidden") return;
    try {
      const answer = await post(form.dataset.lock, [["_window", window_]]);
      if (answer.ok) {
        const told = await answer.json();
        const free = out && !told.locked;
        hear(told);
        if (free && edits === 0) location.reload(); // to what the other one saved
      }
    } catch {
      // without a connection nobody can be told; the next beat tries again
    }
  }

  function changed() {
    edits += 1;
    if (!localTimer) localTimer = setTimeout(keepHere, LOCAL);
    if (failures) return; // the next try takes it along
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  }

  addEventListener("online", () => {
    if (failures) send();
  });
  addEventListener("pagehide", () => {
    keepHere();
    if (!form.dataset.lock || out) return;
    const body = new URLSearchParams([["_window", window_], ["_csrf", token()]]);
    navigator.sendBeacon(`${form.dataset.lock}/release`, body);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      keepHere();
      send();
    } else beat();
  });

  /** Send what this browser kept and the server never got, of this text or of new ones; then show the offers. */
  async function recover() {
    const [, kind] = form.dataset.place.split(":");
    const isNew = form.dataset.place.startsWith("new:");
    const wanted = isNew ? `${PREFIX}${form.dataset.keeper}.new:${kind}:` : nameOf();
    for (const name of kept.all().filter((each) => (isNew ? each.startsWith(wanted) : each === wanted))) {
      const copy = kept.read(name);
      if (!copy) continue;
      const shown = isNew ? [["_shown", form.querySelector("[name=_draft]").value]] : [];
      try {
        const answer = await post(form.dataset.autosave, [...copy.fields, ["_recovered", "1"], ...shown]);
        if (!answer.ok) continue;
        const told = await answer.json();
        localStorage.removeItem(name);
        const offers = document.getElementById("offers");
        offers.outerHTML = told.offers;
        screen.refresh(document.getElementById("offers"));
      } catch {
        return; // still no connection: it stays here
      }
    }
  }

  const ready = form.hasAttribute("data-restored") ? Promise.resolve() : recover();
  out = form.hasAttribute("data-locked");
  if (out) shut();
  ready.then(beat);
  setInterval(beat, BEAT);

  return {
    changed,
    send,
    /** Everything that stands in the form is saved, as of an earlier count of edits. */
    saved(count) {
      sent = Math.max(sent, count);
      failures = 0;
      if (edits === sent) {
        clearTimeout(timer);
        forgetHere();
      }
    },
    settled: () => sending ?? Promise.resolve(),
    /** Have editors put their last words into the form; return how often something was typed. */
    count() {
      fields();
      return edits;
    },
    get edits() {
      return edits;
    },
    get offline() {
      return failures > 0;
    },
    moved(place) {
      forgetHere();
      form.dataset.place = place;
      keepHere();
    },
    beat,
  };
}
