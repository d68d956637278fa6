// Lists: the chosen tab in view, choosing all rows, counting the chosen ones, "/" to search, empty filters left out of addresses.

function count(form) {
  const boxes = [...form.querySelectorAll('input[name="ids"]')];
  const chosen = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const label = form.querySelector("[data-chosen]");
  if (label) {
    label.dataset.plain ??= label.textContent;
    label.textContent = `${label.dataset.plain} (${chosen})`;
  }
}

function showTab(tab) {
  const [row, at] = [tab.parentElement, tab.getBoundingClientRect()];
  const room = row.getBoundingClientRect();
  row.scrollLeft += at.left + at.width / 2 - (room.left + room.width / 2);
}

export function startLists() {
  let last = null;
  document.querySelectorAll(".tabs [aria-current]").forEach(showTab);

  document.addEventListener("click", (event) => {
    const box = event.target.closest('input[name="ids"]');
    if (!box) return;
    const boxes = [...box.form.querySelectorAll('input[name="ids"]')];
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.matches("[data-all]")) {
      for (const box of form.querySelectorAll('input[name="ids"]')) box.checked = event.target.checked;
    }
    if (event.target.matches('[data-all], input[name="ids"]')) count(form);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // a row's details: a second click closes them, before htmx asks for them again
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("[data-more]");
      const below = link?.closest("tr")?.nextElementSibling;
      link?.closest("details")?.removeAttribute("open");
      if (below?.matches("tr.more")) {
        event.preventDefault();
        event.stopPropagation();
        below.remove();
      }
    },
    true,
  );

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get" || !event.target.matches("form.filters")) return;
    const given = event.detail.formData ?? event.detail.parameters;
    for (const name of [...Object.keys(event.detail.parameters)]) {
      if (event.detail.parameters[name] === "") given.delete ? given.delete(name) : delete given[name];
    }
  });
}
