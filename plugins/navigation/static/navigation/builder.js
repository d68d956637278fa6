// The menu builder: dragging, the focus after a change, and a warning before what is not saved is left.
// Every change is a button of the form, so all of this is a comfort.
(() => {
  const builder = () => document.getElementById("builder");
  let changed = false;
  let open = [];

  const press = (what) => {
    const button = document.createElement("button");
    button.name = "do";
    button.value = what;
    button.hidden = true;
    builder().append(button);
    button.click();
  };

  document.addEventListener("input", (event) => {
    if (event.target.closest("#builder") && !event.target.matches('[name="pick"], [name^="move_"], #find')) changed = true;
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("#builder [data-audience]")) press("show");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !builder() || event.isComposing) return;
    const button = { find: "do-find", link_url: "do-link", link_label: "do-link", heading: "do-heading" }[event.target.id];
    if (!button) return;
    event.preventDefault();
    document.getElementById(button).click();
  });

  // what is open stays open, and what was said is heard
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id === "builder") open = [...builder().querySelectorAll("details[open]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const form = builder();
    if (!form || event.detail.target?.id !== "builder") return;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    const what = event.detail.requestConfig?.parameters?.do ?? "";
    const said = form.dataset.said ?? "";
    if (said) document.getElementById("menu-said").textContent = said;
    if (what === "save" || what === "enter") changed = event.detail.xhr.status >= 400;
    else if (/^(up|down|in|out|place|remove|add|link|heading)/.test(what)) changed = true;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const form = builder();
    const wrong = form?.querySelector("[aria-invalid]");
    const wanted = wrong ?? document.getElementById(form?.dataset.focus ?? "");
    if (!form || !wanted || form.dataset.focused) return;
    form.dataset.focused = "yes";
    wanted.focus({ preventScroll: false });
  });

  document.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => {
    if (changed && builder()) event.preventDefault();
  });

  // dragging: the place between two entries by height, the level by how far to the side
  let drag = null;
  const entries = () => [...document.querySelectorAll("#entries > .entry")];
  const level = (entry) => Number(entry.dataset.level);

  const start = (event) => {
    const handle = event.target.closest("[data-drag]");
    if (!handle || (event.pointerType === "mouse" && event.button !== 0)) return;
    const entry = handle.closest(".entry");
    const all = entries();
    const from = all.indexOf(entry);
    let to = from + 1;
    while (to < all.length && level(all[to]) > level(entry)) to += 1;
    const step = Number.parseFloat(getComputedStyle(entry).getPropertyValue("--step")) * 16;
    const mark = document.createElement("li");
    mark.setAttribute("aria-hidden", "true");
    const moved = all.slice(from, to);
    const rest = all.filter((one) => !moved.includes(one));
    const deep = Math.max(...moved.map(level)) - level(entry);
    drag = { entry, moved, rest, mark, step, deep, x: event.clientX, y: event.clientY, pointer: event.pointerId, at: null };
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
  };

  const over = (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    if (!drag.at && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
    for (const one of drag.moved) one.classList.add("dragged");
    document.documentElement.classList.add("dragging");
    let index = drag.rest.findIndex((one) => {
      const box = one.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if (index < 0) index = drag.rest.length;
    const before = drag.rest[index - 1];
    const after = drag.rest[index];
    const most = Math.min(before ? level(before) + 1 : 0, Number(builder().dataset.last) - drag.deep);
    const least = Math.min(after ? level(after) : 0, most);
    const way = getComputedStyle(drag.entry).direction === "rtl" ? -1 : 1;
    const wanted = level(drag.entry) + Math.round((way * (event.clientX - drag.x)) / drag.step);
    const depth = Math.max(least, Math.min(most, wanted));
    drag.at = { index, depth };
    drag.mark.className = `drop-mark depth-${depth}`;
    if (after) after.before(drag.mark);
    else document.getElementById("entries").append(drag.mark);
    const edge = 70;
    if (event.clientY < edge) scrollBy(0, -12);
    else if (event.clientY > innerHeight - edge) scrollBy(0, 12);
  };

  const drop = (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const { rest, at, entry, mark, moved } = drag;
    drag = null;
    mark.remove();
    for (const one of moved) one.classList.remove("dragged");
    document.documentElement.classList.remove("dragging");
    if (!at || event.type === "pointercancel" || !rest.length) return;
    let near = at.index - 1;
    while (near >= 0 && level(rest[near]) > at.depth) near -= 1;
    let how = "after";
    if (near < 0) [how, near] = ["before", 0];
    else if (level(rest[near]) < at.depth) how = "first";
    document.getElementById("move_what").value = entry.dataset.key;
    document.getElementById("move_how").value = how;
    document.getElementById("move_to").value = rest[near].dataset.key;
    document.getElementById("do-place").click();
  };

  document.addEventListener("pointerdown", start);
  document.addEventListener("pointermove", over);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) drop({ pointerId: drag.pointer, type: "pointercancel" });
  });
})();
