// The toolbar: kinds of blocks, marks, lists, alignment, what can be done with a block. It says what is on.
import { toggleMark } from "prosemirror-commands";
import { redo, redoDepth, undo, undoDepth } from "prosemirror-history";
import { kindAt, toggleList, turnInto } from "./catalogue.js";
import { button, el, icon, say } from "./dom.js";
import { alignTo } from "./keys.js";
import { linkAt } from "./link.js";
import { duplicate, move, remove } from "./moving.js";
import { schema } from "./schema.js";
import { openMenu } from "./slash.js";

const { nodes, marks } = schema;
const TURNS = ["paragraph", "heading_2", "heading_3", "heading_4", "heading_5", "heading_6", "bullet_list", "ordered_list", "quote", "callout", "code"];
const MORE_MARKS = ["underline", "strike", "highlight", "inline_code", "sup", "sub"];
const ALIGNMENTS = ["", "center", "right"];
const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Return keys as this machine's keyboard names them. */
const keysOf = (text) => (mac ? text.replace(/Ctrl/g, "⌘").replace(/Alt/g, "⌥").replace(/Shift/g, "⇧") : text);

function hasMark(state, type) {
  const { from, to, $from, empty } = state.selection;
  if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}

/** Put the toolbar's buttons into its element; returns what keeps it in step with the text. */
export function toolbar(bar, view, open) {
  const pressed = new Map();
  const usable = new Map();

  const run = (command) => () => {
    command(view.state, view.dispatch, view);
    view.focus();
  };
  const tool = (name, keys, command, state) => {
    const label = keys ? `${say(name)} (${keysOf(keys)})` : say(name);
    const made = button({ label, class: "btn btn-plain", onclick: run(command), "data-tool": name }, icon(state?.icon ?? name));
    if (state?.on) pressed.set(made, state.on);
    if (state?.can) usable.set(made, state.can);
    return made;
  };
  const leave = (command) => (event) => {
    event.currentTarget.closest("details").open = false;
    run(command)();
  };
  const entry = (name, keys, command, mark, on) => {
    const made = button(
      { label: say(name), class: "menu-item", onclick: leave(command), "data-tool": name },
      icon(mark),
      el("span", {}, say(name)),
      keys ? el("kbd", {}, keysOf(keys)) : null,
    );
    made.removeAttribute("aria-label");
    made.removeAttribute("title");
    if (on) pressed.set(made, on);
    return made;
  };
  const menu = (name, mark, ...entries) =>
    el(
      "details",
      { class: "menu", "data-menu": name },
      el("summary", { class: "btn btn-plain", title: say(name), "aria-label": say(name), onmousedown: (event) => event.preventDefault() }, icon(mark)),
      el("div", { class: "menu-body" }, ...entries),
    );

  const turn = el(
    "select",
    {
      class: "select input-s",
      "aria-label": say("turn"),
      title: say("turn"),
      onchange: (event) => run(turnInto(event.target.value))(),
    },
    TURNS.map((name) => el("option", { value: name }, say(`block_${name}`))),
  );
  const marked = (name) => ({ on: (state) => hasMark(state, marks[name]) });
  const MARK_KEYS = { underline: "Ctrl+U", strike: "Ctrl+Shift+X", highlight: "Ctrl+Shift+H", inline_code: "Ctrl+E", sup: "Ctrl+.", sub: "Ctrl+," };
  const MARK_ICONS = { underline: "underline", strike: "strike", highlight: "highlight", inline_code: "code", sup: "sup", sub: "sub" };
  const ALIGN_ICONS = { "": "align-left", center: "align-center", right: "align-right" };
  const alignAt = (state) => state.selection.$from.parent.attrs.align ?? "";

  bar.prepend(
    turn,
    tool("bold", "Ctrl+B", toggleMark(marks.bold), marked("bold")),
    tool("italic", "Ctrl+I", toggleMark(marks.italic), marked("italic")),
    tool("link", "Ctrl+K", open.link, { on: (state) => Boolean(linkAt(state)) }),
    menu(
      "more_marks",
      "letters",
      ...MORE_MARKS.map((name) => entry(`mark_${name}`, MARK_KEYS[name], toggleMark(marks[name]), MARK_ICONS[name], (state) => hasMark(state, marks[name]))),
      entry("mark_lang", "", open.lang, "globe", (state) => hasMark(state, marks.lang)),
    ),
    tool("bullet_list", "Ctrl+Shift+8", toggleList(nodes.bullet_list), { icon: "list", on: (state) => kindAt(state) === "bullet_list" }),
    tool("ordered_list", "Ctrl+Shift+7", toggleList(nodes.ordered_list), { icon: "list-numbers", on: (state) => kindAt(state) === "ordered_list" }),
    menu(
      "align",
      "align-left",
      ...ALIGNMENTS.map((align) => entry(`align_${align || "left"}`, { "": "Ctrl+Shift+L", center: "Ctrl+Shift+E", right: "Ctrl+Shift+R" }[align], alignTo(align), ALIGN_ICONS[align], (state) => alignAt(state) === align)),
    ),
    tool("insert", "/", (_state, _dispatch, given) => openMenu(given), { icon: "plus" }),
    tool("undo", "Ctrl+Z", undo, { can: (state) => undoDepth(state) > 0 }),
    tool("redo", "Ctrl+Y", redo, { can: (state) => redoDepth(state) > 0 }),
    menu(
      "block",
      "more",
      entry("up", "Alt+Shift+↑", move(true, false), "arrow-up"),
      entry("down", "Alt+Shift+↓", move(false, false), "arrow-down"),
      entry("duplicate", "Ctrl+Shift+D", duplicate, "copy"),
      entry("settings", "Alt+Enter", open.panel, "sliders"),
      entry("remove", "Alt+Shift+Z", remove, "trash"),
    ),
  );

  const stops = [...bar.querySelectorAll("select, button:not(.menu-item), summary")];
  const stopAt = (wanted) => stops.forEach((stop) => stop.setAttribute("tabindex", stop === wanted ? "0" : "-1"));
  stopAt(stops[0]);
  bar.addEventListener("focusin", (event) => stops.includes(event.target) && stopAt(event.target));
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.closest("details[open]")) return view.focus();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = stops.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    stops[(at + step + stops.length) % stops.length].focus();
  });

  function update() {
    const { state } = view;
    const kind = kindAt(state);
    if (turn.value !== kind) turn.value = kind;
    for (const [tool_, on] of pressed) {
      const now = String(on(state));
      if (tool_.getAttribute("aria-pressed") !== now) tool_.setAttribute("aria-pressed", now);
    }
    for (const [tool_, can] of usable) {
      const now = String(!can(state));
      if (tool_.getAttribute("aria-disabled") !== now) tool_.setAttribute("aria-disabled", now);
    }
  }
  return {
    update,
    focus: () => stops.find((stop) => stop.tabIndex === 0).focus(),
    openBlockMenu: () => {
      const found = bar.querySelector('[data-menu="block"]');
      found.open = true;
      found.querySelector(".menu-item").focus();
    },
  };
}
