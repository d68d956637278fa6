// Menus made of <details>: close on Escape and outside clicks, arrows move through them.

const OPEN = "details.menu[open]";

function closeAll(but) {
  for (const menu of document.querySelectorAll(OPEN)) {
    if (menu !== but) menu.open = false;
  }
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    closeAll(event.target.closest("details.menu"));
    const code = event.target.closest("[data-copy]");
    if (code) {
      const field = document.getElementById(code.dataset.copy);
      field.select();
      navigator.clipboard?.writeText(field.value);
      code.classList.add("btn-main");
    }
  });

  document.addEventListener("focusin", (event) => {
    const inside = event.target.closest("details.menu");
    if (document.querySelector(OPEN) && !inside) closeAll(null);
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu");
    if (!menu) return;
    if (event.key === "Escape" && menu.open) {
      event.stopPropagation();
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    menu.open = true;
    const items = [...menu.querySelectorAll(".menu-body a, .menu-body button")];
    const at = items.indexOf(document.activeElement);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length;
    items[next]?.focus();
  });
}
