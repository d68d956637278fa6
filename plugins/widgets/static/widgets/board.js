// The board of widgets: dragging by the handle with mouse, pen or finger, arrow keys on the handle, and the
// panel that a widget opens in. Every move is the form of its card, which works without this too.

const DISTANCE = 4;
const sheet = document.getElementById("sheet");
let drag = null;
let last = "";

const cardOf = (element) => element.closest("[data-card]");
const listAt = (x, y) => document.elementsFromPoint(x, y).find((e) => e.closest(".board-region"))?.closest(".board-region").querySelector("[data-list]");

function below(list, y, card) {
  return [...list.children].find((other) => {
    const box = other.getBoundingClientRect();
    return other !== card && y < box.top + box.height / 2;
  });
}

function send(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const input = form.querySelector(`input[name="${name}"]`) ?? form.appendChild(document.createElement("input"));
    Object.assign(input, { type: "hidden", name, value });
  }
  form.requestSubmit();
}

function begin(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0) return;
  const card = cardOf(grip);
  drag = { grip, card, x: event.clientX, y: event.clientY, home: card.parentElement, next: card.nextElementSibling, moving: false };
  grip.setPointerCapture(event.pointerId);
}

function go(event) {
  if (!drag) return;
  if (!drag.moving && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < DISTANCE) return;
  drag.moving = true;
  drag.card.classList.add("board-moving");
  const list = listAt(event.clientX, event.clientY);
  if (!list) return;
  const before = below(list, event.clientY, drag.card) ?? null;
  if (drag.card.parentElement !== list || drag.card.nextElementSibling !== before) list.insertBefore(drag.card, before);
}

function drop() {
  if (!drag) return;
  const { card, home, next, moving } = drag;
  drag = null;
  card.classList.remove("board-moving");
  if (!moving || (card.parentElement === home && card.nextElementSibling === next)) return;
  last = card.dataset.card;
  send(card.querySelector("form"), {
    to: "place",
    region: card.parentElement.dataset.list,
    before: card.nextElementSibling?.dataset.card ?? "0",
  });
}

function putBack() {
  if (!drag) return;
  drag.home.insertBefore(drag.card, drag.next);
  drag.card.classList.remove("board-moving");
  drag = null;
}

document.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", go);
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", putBack);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag) {
    event.preventDefault();
    putBack();
    return;
  }
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const way = event.key === "ArrowUp" ? "up" : "down";
  document.getElementById(`${way}-${cardOf(grip).dataset.card}`)?.click();
});

// what had the focus keeps it: its own place on the new board, or the card that was moved
document.addEventListener("htmx:beforeRequest", (event) => {
  last = cardOf(event.target)?.dataset.card ?? last;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "board" && last && document.activeElement === document.body) {
    document.getElementById(`grip-${last}`)?.focus();
  }
});

// the panel
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "sheet-body" || !sheet) return;
  if (!sheet.open) sheet.showModal();
  const wrong = sheet.querySelector(".notice-error a, [aria-invalid]");
  (wrong ?? document.getElementById("sheet-title"))?.focus();
});

document.addEventListener("click", (event) => {
  if (!sheet?.open) return;
  if (event.target === sheet || event.target.closest("#sheet [data-close]")) {
    event.preventDefault();
    sheet.close();
  }
});

sheet?.addEventListener("close", () => document.getElementById(`open-${last}`)?.focus());
