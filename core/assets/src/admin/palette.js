// The command palette: Ctrl+K or Cmd+K anywhere, arrows and Enter inside.

export function startPalette(htmx) {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input[name=q]");
  const list = dialog.querySelector("[role=listbox]");

  const hits = () => [...list.querySelectorAll("[role=option]")];

  function choose(index) {
    const found = hits();
    for (const hit of found) hit.setAttribute("aria-selected", "false");
    const chosen = found[(index + found.length) % found.length];
    if (!chosen) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", chosen.id);
  }

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    htmx.trigger(input, "palette");
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open();
    }
    if (event.target === dialog) dialog.close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return; // in a text, Ctrl+K makes a link
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      dialog.open ? dialog.close() : open();
    }
  });

  input.addEventListener("keydown", (event) => {
    const found = hits();
    const at = found.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search field would only be emptied
      dialog.close();
    } else if (event.key === "Enter" && found[at]) {
      event.preventDefault();
      found[at].click();
    }
  });

  list.addEventListener("htmx:afterSwap", () => choose(0));
}
