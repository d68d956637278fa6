// Customise: what is typed shows at once on the site in the frame, and nowhere else. The server says what is
// hard to read, and cleans the style sheet before it is tried on.

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

function whole(colour) {
  return colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join("")}` : colour;
}

// What a token is by day or by night, "" while what is typed is nothing yet.
function valueOf(knob, side) {
  const field = knob.querySelector(`[data-side="${side}"]`) ?? knob.querySelector('[data-side="light"]');
  if (knob.dataset.kind === "font") return field.selectedOptions[0]?.dataset.stack ?? "";
  if (knob.dataset.kind === "colour") return HEX.test(field.value) ? field.value : "";
  return field.value + knob.dataset.unit;
}

function show(knob) {
  for (const field of knob.querySelectorAll("[data-side]")) {
    const well = field.parentElement.querySelector("[data-well]");
    if (well && HEX.test(field.value)) well.value = whole(field.value);
    const output = field.parentElement.querySelector("output");
    if (output) output.value = field.value + knob.dataset.unit;
  }
  const fields = [...knob.querySelectorAll("[data-side]")];
  knob.classList.toggle("knob-changed", fields.some((field) => field.value !== field.dataset.default));
}

function reset(knob) {
  for (const field of knob.querySelectorAll("[data-side]")) field.value = field.dataset.default;
  show(knob);
  knob.dispatchEvent(new Event("input", { bubbles: true }));
}

export function startCustomise() {
  const form = document.querySelector("[data-customise]");
  if (!form) return;
  const frame = form.querySelector("[data-frame]");
  const stage = form.querySelector("[data-stage]");
  const knobs = [...form.querySelectorAll("[data-token]")];
  const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`).value;
  let dirty = false;

  // the site in the frame, with what is on the screen
  function paint() {
    const page = frame.contentWindow;
    if (!page?.document?.documentElement) return;
    const side = chosen("_time");
    const values = knobs
      .map((knob) => [knob.dataset.token, valueOf(knob, side)])
      .filter(([, value]) => value)
      .map(([name, value]) => `--${name}:${value};`);
    const tokens = new page.CSSStyleSheet();
    tokens.replaceSync(`:root{color-scheme:${side};${values.join("")}} .preview-bar{display:none}`);
    const own = new page.CSSStyleSheet();
    own.replaceSync(form.querySelector("[data-checked-css]")?.dataset.checkedCss ?? "");
    const before = page.document.getElementById("site-css");
    if (before) before.disabled = true;
    page.document.adoptedStyleSheets = [tokens, own];
  }

  function fit() {
    const width = Number(chosen("_width"));
    const scale = Math.min(1, stage.clientWidth / width);
    stage.style.setProperty("--frame-width", `${width}px`);
    stage.style.setProperty("--frame-scale", scale);
    stage.style.setProperty("--frame-height", `${stage.clientHeight / scale}px`);
  }

  function lead(address) {
    const url = new URL(address, location.origin);
    for (const [name, value] of new URLSearchParams(form.dataset.trying)) url.searchParams.set(name, value);
    frame.contentWindow.location.replace(url);
  }

  frame.addEventListener("load", () => {
    paint();
    frame.contentDocument?.addEventListener(
      "click",
      (event) => {
        const link = event.target.closest?.("a[href]");
        if (!link || link.getAttribute("href").startsWith("#")) return;
        event.preventDefault();
        const url = new URL(link.href);
        const ours = url.origin === location.origin && !url.pathname.startsWith("/admin");
        if (ours) lead(url.pathname + url.search);
      },
      true,
    );
  });
  paint();

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-place]")) return lead(event.target.value);
    if (event.target.name === "_width") return fit();
    if (event.target.name === "_time") return paint();
    dirty = true;
    if (event.target.matches("[data-well]")) {
      event.target.parentElement.querySelector("[data-side]").value = event.target.value;
    }
    const knob = event.target.closest("[data-token]");
    if (knob) show(knob);
    paint();
  });

  form.addEventListener("click", (event) => {
    const one = event.target.closest("[data-reset]");
    if (one) {
      event.preventDefault();
      reset(one.closest("[data-token]"));
    } else if (event.target.closest("[data-reset-all]")) {
      event.preventDefault();
      knobs.forEach(reset);
    }
  });

  // the server's answer brings the cleaned style sheet
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "look-warnings") paint();
  });

  form.addEventListener("submit", () => {
    dirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  new ResizeObserver(fit).observe(stage);
  knobs.forEach(show);
  fit();
}
