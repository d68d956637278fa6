// The tab "Block" beside the text: what can be set about the block of the cursor, and the blocks around it.
import { NodeSelection } from "prosemirror-state";
import { iconOf } from "./catalogue.js";
import { button, el, icon, say } from "./dom.js";
import { FIELDS } from "./fields.js";
import { setAttrs } from "./moving.js";

/** Paragraphs of lists and cells are aligned as a whole. */
const inItem = ($pos) => $pos.depth > 1 && ["list_item", "table_cell"].includes($pos.node(-1).type.name);

/** Return the blocks with something to set that the selection is in, the innermost first; paragraphs, which are in all, last. */
function around(state) {
  const { $from } = state.selection;
  const found = [];
  if (state.selection instanceof NodeSelection) found.push({ pos: state.selection.from, node: state.selection.node });
  for (let depth = $from.depth; depth > 0; depth -= 1) found.push({ pos: $from.before(depth), node: $from.node(depth) });
  const plain = ({ node }) => node.type.name === "paragraph";
  const some = found.filter(({ node }) => FIELDS[node.type.name]);
  return [...some.filter((block) => !plain(block)), ...(inItem($from) ? [] : some.filter(plain))];
}

/**
 * Fill the tab, and keep it in step with the text.
 * `tools` is handed to the fields: choosing pictures, the view.
 */
export function panel(side, view, tools) {
  const tabs = [...side.querySelectorAll("[role=tab]")];
  const room = side.querySelector("#side-block");
  let shown = [];
  let key = "";

  function choose(tab, focus) {
    for (const other of tabs) {
      const on = other === tab;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
    }
    side.classList.toggle("block-open", tab === tabs[1]);
    if (focus) tab.focus();
    if (tab === tabs[1]) draw();
  }
  tabs.forEach((tab) => tab.addEventListener("click", () => choose(tab)));
  tabs[0].parentNode.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target);
    if (at < 0 || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    choose(tabs[1 - at], true);
  });

  function section({ pos, node }) {
    const name = node.type.name;
    const entry = { pos, name };
    shown.push(entry);
    const set = (attrs) => setAttrs(view, entry.pos, attrs);
    const title = name === "heading" ? say("heading") : say(`block_${name}`);
    return el(
      "section",
      { class: "block-fields", "aria-label": title },
      el("h2", {}, icon(iconOf(node) ?? "table"), title),
      ...FIELDS[name](node.attrs, set, { ...tools, view, pos: () => entry.pos }, node),
    );
  }

  function draw() {
    if (room.hidden) return;
    const blocks = around(view.state);
    // positions move with each keystroke; the fields are made again only when they show something else
    const now = JSON.stringify(blocks.map(({ node }) => [node.type.name, node.attrs, node.type.name === "columns" ? node.childCount : 0]));
    if (now === key) {
      blocks.forEach(({ pos }, level) => {
        if (shown[level]) shown[level].pos = pos;
      });
      return;
    }
    if (room.contains(document.activeElement) && same(blocks)) {
      key = now;
      return; // somebody types here: what they typed is what the block has now
    }
    const typed = room.contains(document.activeElement) ? document.activeElement.id : "";
    key = now;
    shown = [];
    room.replaceChildren(
      ...(blocks.length
        ? blocks.map(section)
        : [el("p", { class: "quiet" }, say("nothing_to_set"))]),
      button({ label: say("back_to_text"), class: "btn btn-s narrow-back", onclick: () => (choose(tabs[0]), view.focus()) }, say("back_to_text")),
    );
    if (typed) document.getElementById(typed)?.focus();
  }

  /** Tell whether the same blocks are shown, but for what they say. */
  function same(blocks) {
    return blocks.length === shown.length && blocks.every(({ node, pos }, at) => node.type.name === shown[at].name && pos === shown[at].pos) && !room.querySelector("[data-redraw]")?.contains(document.activeElement);
  }

  room.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (matchMedia("(max-width: 60rem)").matches) choose(tabs[0]);
    view.focus();
  });

  return {
    update: draw,
    open() {
      choose(tabs[1]);
      const field = room.querySelector("input, textarea, select, button:not(.narrow-back)");
      (field ?? tabs[1]).focus();
    },
    show: () => choose(tabs[1]),
  };
}
