// Small helpers: words in the reader's language, elements, icons, what is read out, and asking the server.

let words = {};
let icons = "";
let voice = null;

/** Take over what the page brings for the editor. */
export function setUp(mount) {
  words = JSON.parse(mount.dataset.words);
  icons = mount.dataset.icons;
  voice = document.getElementById("editor-voice");
}

/** Return a text of the reader's language; `%(name)s` in it is replaced. */
export function say(key, values = {}) {
  return (words[key] ?? key).replace(/%\((\w+)\)s/g, (_all, name) => values[name] ?? "");
}

/** Have a screen reader say something. */
export function announce(text) {
  voice.textContent = "";
  requestAnimationFrame(() => {
    voice.textContent = text;
  });
}

/** Make an element: properties are set as attributes, `on…` as listeners, `true` as an empty attribute. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name, size = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon ${size}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${icons}#${name}`);
  svg.append(use);
  return svg;
}

/** A button that leaves the selection of the text alone when it is pressed with a mouse. */
export function button(props, ...children) {
  const { label, ...others } = props;
  return el(
    "button",
    { type: "button", title: label, "aria-label": label, onmousedown: (event) => event.preventDefault(), ...others },
    ...children,
  );
}

/** Show a message that goes away by itself, like those that come with a page. */
export function toast(text, kind = "error") {
  const sample = document.getElementById("editor-toast").content.firstElementChild.cloneNode(true);
  sample.dataset.toast = kind;
  sample.classList.add(`toast-${kind}`);
  sample.querySelector("[data-text]").textContent = text;
  document.getElementById("toasts").append(sample);
}

/** A problem that the server told of, or that kept it from being asked. */
export class Problem extends Error {}

/**
 * Ask the server for JSON.
 * @throws {Problem} It said no, or can't be reached; the message is for the reader.
 */
export async function ask(address, { body, signal, method = body === undefined ? "GET" : "POST" } = {}) {
  const form = body instanceof FormData;
  const headers = { Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") };
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(address, { method, headers, signal, body: form || body === undefined ? body : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(say("no_connection"));
  }
  const json = (answer.headers.get("Content-Type") ?? "").includes("json");
  if (answer.ok && json) return answer.json();
  const told = json ? await answer.json() : {};
  const [first] = told.errors ?? [];
  throw new Problem(first?.message ?? told.detail ?? told.title ?? say(answer.status === 404 ? "not_here" : "did_not_work"));
}
