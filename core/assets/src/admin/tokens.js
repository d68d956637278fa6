// Words in a list (tags): each typed word becomes a chip that can be taken off again.

const CROSS = "M6 6l12 12M18 6 6 18";

function cross() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", CROSS);
  svg.append(path);
  return svg;
}

function start(box) {
  const field = box.querySelector("input");
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = field.name;
  field.removeAttribute("name");
  const list = document.createElement("div");
  list.className = "token-list";
  box.prepend(hidden, list);
  let words = [];

  function show() {
    hidden.value = words.join(", ");
    list.replaceChildren(
      ...words.map((word) => {
        const chip = document.createElement("span");
        chip.className = "chip";
        const off = document.createElement("button");
        off.type = "button";
        off.setAttribute("aria-label", field.dataset.remove.replace("…", word));
        off.append(cross());
        off.addEventListener("click", () => {
          words = words.filter((other) => other !== word);
          changed();
          field.focus();
        });
        chip.append(word, off);
        return chip;
      }),
    );
  }

  function changed() {
    show();
    hidden.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function take(text) {
    const known = new Set(words.map((word) => word.toLowerCase()));
    const fresh = text
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word && !known.has(word.toLowerCase()));
    words = [...words, ...new Set(fresh)];
  }

  take(field.value);
  field.value = "";
  show();

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      event.stopPropagation();
      take(field.value);
      field.value = "";
      changed();
    } else if (event.key === "Backspace" && !field.value && words.length) {
      words = words.slice(0, -1);
      changed();
    }
  });
  field.addEventListener("input", (event) => {
    // a suggestion was chosen: browsers put it in as a whole
    if (event.inputType === "insertReplacementText" || !event.inputType || field.value.includes(",")) {
      take(field.value);
      field.value = "";
      changed();
    }
  });
  field.form.addEventListener("submit", () => {
    take(field.value);
    field.value = "";
    show();
  });
}

export function startTokens(form) {
  for (const box of form.querySelectorAll("[data-tokens]")) start(box);
}
