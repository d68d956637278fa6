// The small dialog for links: an address, or words that find a text of the site.
import { TextSelection } from "prosemirror-state";
import { ask, button, el, icon, say } from "./dom.js";
import { goodAddress, schema } from "./schema.js";

const { link } = schema.marks;
const WAIT = 180;

/** Return the stretch of text that has the link at the cursor, or null. */
export function linkAt(state) {
  const { $from, empty, from, to } = state.selection;
  if (!empty && state.doc.rangeHasMark(from, to, link)) {
    let found = null;
    state.doc.nodesBetween(from, to, (node) => {
      found ??= link.isInSet(node.marks) ?? null;
    });
    return { from, to, mark: found };
  }
  const { parent } = $from;
  if (!parent.inlineContent) return null;
  const here = parent.childAfter($from.parentOffset);
  const mark = (here.node && link.isInSet(here.node.marks)) || ($from.nodeBefore && link.isInSet($from.nodeBefore.marks));
  if (!mark) return null;
  let start = $from.start();
  let range = null;
  parent.forEach((child, offset) => {
    const [begin, end] = [start + offset, start + offset + child.nodeSize];
    if (!mark.isInSet(child.marks)) return;
    if (range && range.to === begin) range.to = end;
    else if (!range || range.to < $from.pos) range = { from: begin, to: end, mark };
  });
  return range;
}

/** Turn what somebody typed into an address: what looks like a host or a mail address gets its scheme. */
export function addressOf(typed) {
  const text = typed.trim();
  if (goodAddress(text)) return text;
  if (/^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(text)) return `mailto:${text}`;
  if (/^([\w-]+\.)+[a-z]{2,}([/?#]\S*)?$/i.test(text)) return `https://${text}`;
  return "";
}

function apply(view, range, href, title) {
  const mark = link.create({ href, title });
  const tr = view.state.tr;
  if (range.from === range.to) {
    tr.insert(range.from, schema.text(href.replace(/^(https?:\/\/|mailto:|tel:)/, ""), [mark]));
    tr.setSelection(TextSelection.create(tr.doc, tr.mapping.map(range.to)));
  } else {
    tr.removeMark(range.from, range.to, link).addMark(range.from, range.to, mark);
    tr.setSelection(TextSelection.create(tr.doc, range.to));
  }
  view.dispatch(tr.removeStoredMark(link).scrollIntoView());
}

/** Return a command that opens the dialog for the link at the cursor, or for the chosen text. */
export function linkDialog() {
  let view = null;
  let range = null;
  let wait = 0;
  let asking = null;

  const address = el("input", {
    class: "input",
    type: "text",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "link-hits",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: say("link_hint"),
    id: "link-address",
  });
  const title = el("input", { class: "input input-s", type: "text", id: "link-title", maxlength: "300" });
  const hits = el("div", { class: "link-hits", role: "listbox", id: "link-hits", "aria-label": say("link_hits") });
  const wrong = el("p", { class: "error", role: "alert", id: "link-wrong" });
  const off = button({ label: say("link_off"), class: "btn btn-plain btn-warn", onclick: () => done(null) }, say("link_off"));
  const dialog = el(
    "dialog",
    { class: "link-dialog", "aria-labelledby": "link-name" },
    el("h2", { id: "link-name" }, say("link")),
    el("div", { class: "field" }, el("label", { for: "link-address" }, say("link_address")), address, wrong, hits),
    el("div", { class: "field" }, el("label", { for: "link-title" }, say("link_title")), title),
    el(
      "footer",
      {},
      off,
      el("span", { class: "grow" }),
      el("button", { type: "button", class: "btn", onclick: () => dialog.close() }, say("cancel")),
      el("button", { type: "button", class: "btn btn-main", onclick: () => take() }, say("link_set")),
    ),
  );
  document.body.append(dialog);

  function done(href) {
    if (href === null) view.dispatch(view.state.tr.removeMark(range.from, range.to, link));
    else apply(view, range, href, title.value.trim());
    dialog.close();
  }

  function take() {
    const chosen = hits.querySelector('[aria-selected="true"]');
    const href = chosen ? chosen.dataset.url : addressOf(address.value);
    if (href) return done(href);
    if (!address.value.trim() && range.mark) return done(null);
    wrong.textContent = say("link_wrong");
    address.setAttribute("aria-invalid", "true");
    address.focus();
  }

  function select(step) {
    const all = [...hits.querySelectorAll("[role=option]")];
    const at = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
    const next = all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length];
    for (const hit of all) hit.setAttribute("aria-selected", String(hit === next));
    next?.scrollIntoView({ block: "nearest" });
    if (next) address.setAttribute("aria-activedescendant", next.id);
  }

  function clear() {
    hits.replaceChildren();
    address.setAttribute("aria-expanded", "false");
    address.removeAttribute("aria-activedescendant");
  }

  async function search() {
    asking?.abort();
    const typed = address.value.trim();
    if (typed.length < 2 || addressOf(typed)) return clear();
    asking = new AbortController();
    try {
      const { items } = await ask(`/admin/links?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      hits.replaceChildren(
        ...items.map((item, at) =>
          el(
            "div",
            { role: "option", id: `link-hit-${at}`, "aria-selected": "false", "data-url": item.url, onclick: () => done(item.url) },
            icon("file-text"),
            el("span", {}, item.title),
            el("small", {}, item.note),
          ),
        ),
      );
      address.setAttribute("aria-expanded", String(items.length > 0));
    } catch (error) {
      if (error.name !== "AbortError") wrong.textContent = error.message;
    }
  }

  address.addEventListener("input", () => {
    wrong.textContent = "";
    address.removeAttribute("aria-invalid");
    clearTimeout(wait);
    wait = setTimeout(search, WAIT);
  });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.target === address && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      select(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      take();
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => view.focus());

  return (state, dispatch, given) => {
    if (!state.selection.$from.parent.type.allowsMarkType(link)) return false;
    if (!dispatch) return true;
    view = given;
    range = linkAt(state) ?? { from: state.selection.from, to: state.selection.to, mark: null };
    address.value = range.mark?.attrs.href ?? "";
    title.value = range.mark?.attrs.title ?? "";
    wrong.textContent = "";
    off.hidden = !range.mark;
    clear();
    dialog.showModal();
    address.select();
    return true;
  };
}
