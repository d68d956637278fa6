// What can be set about each kind of block, as fields of the panel. Fields have no names: they are not sent.
import { Fragment } from "prosemirror-model";
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, mergeCells, setCellAttr, splitCell } from "prosemirror-tables";
import { ask, button, el, icon, say } from "./dom.js";
import { pictureOf } from "./media.js";
import { goodAddress, schema } from "./schema.js";

let count = 0;

function wrap(label, control, help) {
  count += 1;
  const id = `block-field-${control.dataset.field ?? count}`;
  control.id = id;
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    control,
    help ? el("p", { class: "help", id: `${id}-help` }, help) : null,
  );
}

function text(name, attrs, set, { lines = 0, help = "", label = say(`field_${name}`), type = "text", check = null, list = null, max = 2000 } = {}) {
  const tag = lines ? "textarea" : "input";
  const control = el(tag, {
    class: `${lines ? "textarea" : "input"} input-s`,
    "data-field": name,
    autocomplete: "off",
    maxlength: String(max),
    ...(lines ? { rows: String(lines) } : { type }),
    list,
    value: attrs[name] ?? "",
    oninput: (event) => {
      const value = event.target.value;
      const good = !check || value.trim() === "" || check(value);
      event.target.setAttribute("aria-invalid", String(!good));
      if (good) set({ [name]: check ? value.trim() : value });
    },
  });
  return wrap(label, control, help);
}

function options(name, attrs, set, values, label = say(`field_${name}`)) {
  const control = el(
    "select",
    { class: "select input-s", "data-field": name, onchange: (event) => set({ [name]: typeof attrs[name] === "number" ? Number(event.target.value) : event.target.value }) },
    values.map(([value, title]) => el("option", { value: String(value) }, title)),
  );
  control.value = String(attrs[name]);
  return wrap(label, control);
}

function tick(name, attrs, set, then) {
  return el(
    "label",
    { class: "switch" },
    el("span", {}, say(`field_${name}`)),
    el("input", {
      type: "checkbox",
      role: "switch",
      id: `block-field-${name}`,
      checked: Boolean(attrs[name]),
      onchange: (event) => {
        set({ [name]: event.target.checked });
        then?.();
      },
    }),
  );
}

const deeds = (view, ...entries) =>
  el(
    "div",
    { class: "deeds" },
    entries.map(([name, command, mark]) =>
      button(
        { class: "btn btn-s", label: say(name), onclick: () => command(view.state, view.dispatch, view) },
        mark ? icon(mark) : null,
        say(name),
      ),
    ),
  );

const web = (value) => /^https?:\/\/[^\s/]+/i.test(value.trim());
const address = (value) => goodAddress(value) !== "";
const alignments = () => [["", say("align_left")], ["center", say("align_center")], ["right", say("align_right")]];
const sizes = () => ["", "left", "right", "wide", "full"].map((value) => [value, say(`size_${value || "none"}`)]);

/** What the library says of the picture, where the block has no words of its own. */
function libraryAlt(number) {
  const found = number ? pictureOf(number) : null;
  return found instanceof Promise ? "" : (found?.alt ?? "");
}

function altField(attrs, set) {
  const control = text("alt", { alt: attrs.alt ?? "" }, ({ alt }) => set({ alt: alt.trim() === "" ? null : alt.replace(/\s*\n\s*/g, " ") }), {
    lines: 2,
    help: say("alt_help"),
  });
  const field = control.querySelector("textarea");
  field.placeholder = libraryAlt(attrs.media);
  field.disabled = attrs.decorative;
  return control;
}

function galleryList(attrs, set, { pickMany }) {
  const change = (images) => set({ images });
  const moved = (from, to) => {
    const images = [...attrs.images];
    images.splice(to, 0, ...images.splice(from, 1));
    change(images);
  };
  const edit = (at, values) => change(attrs.images.map((image, index) => (index === at ? { ...image, ...values } : image)));
  const lines = attrs.images.map((image, at) =>
    el(
      "li",
      {},
      el("p", { class: "strong" }, say("picture_of", { at: at + 1, of: attrs.images.length })),
      el("label", {}, say("field_alt"), el("input", { class: "input input-s", id: `gallery-alt-${at}`, value: image.alt ?? "", placeholder: libraryAlt(image.media), onchange: (event) => edit(at, { alt: event.target.value || null }) })),
      el("label", {}, say("field_caption"), el("input", { class: "input input-s", id: `gallery-caption-${at}`, value: image.caption ?? "", onchange: (event) => edit(at, { caption: event.target.value }) })),
      el(
        "div",
        { class: "deeds" },
        at > 0 ? button({ class: "btn btn-s btn-icon", id: `gallery-up-${at}`, label: say("picture_up"), onclick: () => moved(at, at - 1) }, icon("arrow-up")) : null,
        at < attrs.images.length - 1 ? button({ class: "btn btn-s btn-icon", id: `gallery-down-${at}`, label: say("picture_down"), onclick: () => moved(at, at + 1) }, icon("arrow-down")) : null,
        button({ class: "btn btn-s btn-icon", label: say("picture_off"), onclick: () => change(attrs.images.filter((_image, index) => index !== at)) }, icon("trash")),
      ),
    ),
  );
  return el(
    "div",
    { "data-redraw": true, class: "stack stack-s" },
    button({ class: "btn btn-s", label: say("pictures_add"), onclick: pickMany }, icon("plus"), say("pictures_add")),
    el("ol", { class: "gallery-list" }, lines),
  );
}

/** A list of choices that the server has, with what is chosen. */
function served(name, attrs, set, path, entryOf, problem) {
  const control = el("select", { class: "select input-s", "data-field": name }, el("option", { value: "" }, say("choose")));
  const field = wrap(say(`field_${name}`), control);
  const chosen = String(attrs[name] || "");
  if (chosen) control.append(el("option", { value: chosen }, chosen));
  control.value = chosen;
  ask(path)
    .then((found) => {
      const entries = (found.items ?? found).map(entryOf);
      control.replaceChildren(el("option", { value: "" }, say("choose")), ...entries.map(([value, title]) => el("option", { value: String(value) }, title)));
      if (chosen && !entries.some(([value]) => String(value) === chosen)) control.append(el("option", { value: chosen }, chosen));
      control.value = chosen;
      if (!entries.length) field.append(el("p", { class: "help" }, say(problem)));
    })
    .catch((error) => field.append(el("p", { class: "error" }, error.message)));
  control.addEventListener("change", () => set({ [name]: typeof attrs[name] === "number" ? Number(control.value) : control.value }));
  return field;
}

/** Make of two columns three, or take the last one away, whose blocks go to the one before. */
function setColumns(view, pos, wanted) {
  const node = view.state.doc.nodeAt(pos);
  const kept = [];
  node.forEach((column) => kept.push(schema.nodes.column.create(null, column.content))); // equal widths again
  while (kept.length < wanted) kept.push(schema.nodes.column.create(null, schema.nodes.paragraph.create()));
  while (kept.length > wanted) {
    const full = kept.pop().content.content.filter((block) => block.isAtom || block.content.size);
    const before = kept.pop();
    kept.push(before.copy(before.content.append(Fragment.from(full))));
  }
  view.dispatch(view.state.tr.replaceWith(pos, pos + node.nodeSize, node.type.create(node.attrs, kept)));
}

const SHARES = { 2: [[0, 0], [35, 65], [65, 35]], 3: [[0, 0, 0], [25, 50, 25], [50, 25, 25], [25, 25, 50]], 4: [[0, 0, 0, 0]] };

function columnFields(attrs, _set, { view, pos }, node) {
  const shares = SHARES[node.childCount];
  const now = node.content.content.map((column) => column.attrs.width);
  const share = el(
    "select",
    {
      class: "select input-s",
      "data-field": "widths",
      onchange: (event) => {
        const tr = view.state.tr;
        const inside = pos() + 1;
        view.state.doc.nodeAt(pos()).forEach((column, offset, index) => {
          tr.setNodeAttribute(inside + offset, "width", shares[event.target.value][index]);
        });
        view.dispatch(tr);
      },
    },
    shares.map((widths, at) => el("option", { value: String(at) }, widths[0] ? widths.map((width) => `${width} %`).join(" · ") : say("equal"))),
  );
  share.value = String(Math.max(0, shares.findIndex((widths) => widths.join() === now.join())));
  const number = el("select", { class: "select input-s", "data-field": "count", onchange: (event) => setColumns(view, pos(), Number(event.target.value)) }, [2, 3, 4].map((value) => el("option", { value: String(value) }, String(value))));
  number.value = String(node.childCount);
  return [wrap(say("field_count"), number), wrap(say("field_widths"), share)];
}

/** For each kind of block: attributes, how to set them, tools, the block itself -> fields. */
export const FIELDS = {
  heading: (attrs, set) => [
    options("level", attrs, set, [2, 3, 4, 5, 6].map((level) => [level, say(`block_heading_${level}`)])),
    text("anchor", attrs, set, { help: say("anchor_help"), check: (value) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value.trim()), max: 100 }),
    options("align", attrs, set, alignments()),
  ],
  paragraph: (attrs, set) => [options("align", attrs, set, alignments())],
  ordered_list: (attrs, set) => [text("start", attrs, ({ start }) => start !== "" && set({ start: Number(start) }), { type: "number", check: (value) => /^\d{1,5}$/.test(value) })],
  quote: (attrs, set) => [text("citation", attrs, set, { help: say("citation_help"), max: 500 })],
  code: (attrs, set) => [text("language", attrs, set, { check: (value) => /^[a-z0-9+#._-]{1,30}$/.test(value.trim()), max: 30 })],
  callout: (attrs, set) => [options("tone", attrs, set, ["info", "success", "warning", "danger"].map((tone) => [tone, say(`tone_${tone}`)])), text("title", attrs, set, { max: 200 })],
  table: (attrs, set, { view }) => [
    tick("header_row", attrs, set),
    tick("header_column", attrs, set),
    text("caption", attrs, set, { max: 500 }),
    deeds(view, ["row_above", addRowBefore], ["row_below", addRowAfter], ["row_off", deleteRow]),
    deeds(view, ["column_before", addColumnBefore], ["column_after", addColumnAfter], ["column_off", deleteColumn]),
    deeds(view, ["cells_merge", mergeCells], ["cell_split", splitCell], ["table_off", deleteTable]),
  ],
  table_cell: (attrs, _set, { view }) => [options("align", attrs, ({ align }) => setCellAttr("align", align)(view.state, view.dispatch), alignments(), say("field_cell_align"))],
  image: (attrs, set, { pick, pos }) => [
    deeds({ state: null }, [attrs.media || attrs.src ? "picture_other" : "picture_choose", () => pick(pos()), "image"]),
    altField(attrs, set),
    tick("decorative", attrs, set),
    options("align", attrs, set, sizes(), say("field_size")),
    text("link", attrs, set, { check: address }),
  ],
  gallery: (attrs, set, tools) => [
    galleryList(attrs, set, { pickMany: () => tools.pickMany(tools.pos()) }),
    options("columns", attrs, set, [1, 2, 3, 4, 5, 6].map((value) => [value, String(value)])),
    tick("crop", attrs, set),
    text("caption", attrs, set, { max: 1000 }),
  ],
  embed: (attrs, set) => [text("url", attrs, set, { type: "url", help: say("embed_help"), check: web }), text("caption", attrs, set, { max: 1000 })],
  button: (attrs, set) => [
    text("text", attrs, set, { max: 200, label: say("field_button_text") }),
    text("url", attrs, set, { check: address, label: say("link_address") }),
    options("style", attrs, set, ["filled", "outline"].map((style) => [style, say(`style_${style}`)])),
    options("align", attrs, set, alignments()),
  ],
  columns: columnFields,
  shortcode: (attrs, set) => [
    served("name", attrs, set, "/admin/blocks/shortcodes", (found) => [found.name, found.title || found.name], "shortcodes_none"),
    text("attrs_text", attrs, set, { help: say("attrs_help"), check: (value) => !value.includes("]") }),
    text("body", attrs, set, { lines: 3 }),
  ],
  pattern: (attrs, set) => [served("pattern", attrs, set, "/admin/blocks/patterns", (found) => [found.number, found.title], "patterns_none")],
  html: (attrs, set) => [text("html", attrs, set, { lines: 12, help: say("html_help"), max: 200000 })],
};
