// The schema of `blocks/1`: the same nodes, marks and attributes that the server validates.
import { Schema } from "prosemirror-model";

const ID = { id: { default: null } };
const ALIGN = { align: { default: "" } };
const ALIGNED = new Set(["center", "right"]);

const alignClass = (align) => (align ? `align-${align}` : null);

/** Read the alignment that an element of somebody's page has; our own class wins. */
function alignOf(dom) {
  const own = [...dom.classList].find((name) => name.startsWith("align-"))?.slice(6);
  const found = own ?? dom.getAttribute("data-align") ?? dom.getAttribute("align") ?? "";
  return ALIGNED.has(found) ? found : "";
}

const number = (text, low, high, otherwise) => {
  const found = Number.parseInt(text, 10);
  return found >= low && found <= high ? found : otherwise;
};

/** A block without text of its own; how it looks in the editor is a view's matter (views.js). */
function card(name, attrs, group = "flow") {
  return {
    group,
    atom: true,
    draggable: true,
    attrs: { ...ID, ...attrs },
    parseDOM: [{ tag: `div[data-block="${name}"]`, getAttrs: (dom) => read(dom.dataset.attrs) }],
    toDOM: (node) => ["div", { "data-block": name, "data-attrs": JSON.stringify({ ...node.attrs, id: null }) }],
  };
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return false;
  }
}

const LIST = "(paragraph | bullet_list | ordered_list)";

const nodes = {
  doc: { content: "(flow | columns | more | page_break)+" },
  paragraph: {
    group: "flow",
    content: "inline*",
    attrs: { ...ID, ...ALIGN },
    parseDOM: [{ tag: "p", getAttrs: (dom) => ({ align: alignOf(dom) }) }],
    toDOM: (node) => ["p", { class: alignClass(node.attrs.align) }, 0],
  },
  heading: {
    group: "flow",
    content: "inline*",
    defining: true,
    attrs: { ...ID, level: { default: 2 }, anchor: { default: "" }, ...ALIGN },
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({
      tag: `h${level}`,
      getAttrs: (dom) => ({ level: Math.max(level, 2), align: alignOf(dom) }),
    })),
    toDOM: (node) => [`h${node.attrs.level}`, { class: alignClass(node.attrs.align) }, 0],
  },
  bullet_list: {
    group: "flow",
    content: "list_item+",
    attrs: ID,
    parseDOM: [{ tag: "ul" }],
    toDOM: () => ["ul", 0],
  },
  ordered_list: {
    group: "flow",
    content: "list_item+",
    attrs: { ...ID, start: { default: 1 } },
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ start: number(dom.getAttribute("start"), 0, 99999, 1) }) }],
    toDOM: (node) => ["ol", { start: node.attrs.start === 1 ? null : node.attrs.start }, 0],
  },
  list_item: {
    content: `paragraph ${LIST}*`,
    defining: true,
    parseDOM: [{ tag: "li" }],
    toDOM: () => ["li", 0],
  },
  quote: {
    group: "flow",
    content: "(paragraph | heading | bullet_list | ordered_list)+",
    defining: true,
    attrs: { ...ID, citation: { default: "" } },
    parseDOM: [{ tag: "blockquote", getAttrs: (dom) => ({ citation: dom.dataset.citation ?? "" }), contentElement: inner }],
    toDOM: ({ attrs: { citation } }) => [
      "blockquote",
      { "data-citation": citation || null },
      ["div", { class: "inside" }, 0],
      ...(citation ? [["cite", { contenteditable: "false" }, citation]] : []),
    ],
  },
  callout: {
    group: "flow",
    content: `${LIST}+`,
    defining: true,
    attrs: { ...ID, tone: { default: "info" }, title: { default: "" } },
    parseDOM: [
      {
        tag: "aside.callout",
        getAttrs: (dom) => ({ tone: dom.dataset.tone ?? "info", title: dom.dataset.title ?? "" }),
        contentElement: inner,
      },
    ],
    toDOM: ({ attrs: { tone, title } }) => [
      "aside",
      { class: `callout callout-${tone}`, "data-tone": tone, "data-title": title || null },
      ...(title ? [["strong", { class: "callout-title", contenteditable: "false" }, title]] : []),
      ["div", { class: "inside" }, 0],
    ],
  },
  code: {
    group: "flow",
    content: "text*",
    marks: "",
    code: true,
    defining: true,
    attrs: { ...ID, language: { default: "" } },
    parseDOM: [{ tag: "pre", preserveWhitespace: "full", getAttrs: (dom) => ({ language: languageOf(dom) }) }],
    toDOM: ({ attrs: { language } }) => [
      "pre",
      { spellcheck: "false" },
      ["code", { class: language ? `language-${language}` : null }, 0],
    ],
  },
  table: {
    group: "flow",
    content: "table_row+",
    tableRole: "table",
    isolating: true,
    attrs: { ...ID, caption: { default: "" }, header_row: { default: true }, header_column: { default: false } },
    parseDOM: [
      {
        tag: "table",
        getAttrs: (dom) => ({
          caption: dom.querySelector("caption")?.textContent.trim() ?? "",
          header_row: dom.dataset.headerRow ? dom.dataset.headerRow === "yes" : !!dom.querySelector("tr:first-child > th + th"),
          header_column: dom.dataset.headerColumn === "yes" || !!dom.querySelector("tr + tr > th"),
        }),
      },
    ],
    toDOM: ({ attrs }) => [
      "div",
      { class: "table-scroll" },
      [
        "table",
        { "data-header-row": attrs.header_row ? "yes" : "no", "data-header-column": attrs.header_column ? "yes" : "no" },
        ["tbody", 0],
      ],
      ...(attrs.caption ? [["p", { class: "table-caption", contenteditable: "false" }, attrs.caption]] : []),
    ],
  },
  table_row: { content: "table_cell+", tableRole: "row", parseDOM: [{ tag: "tr" }], toDOM: () => ["tr", 0] },
  table_cell: {
    content: "paragraph+",
    tableRole: "cell",
    isolating: true,
    attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, ...ALIGN },
    parseDOM: [{ tag: "td, th", getAttrs: cellOf }],
    toDOM: ({ attrs }) => [
      "td",
      {
        colspan: attrs.colspan === 1 ? null : attrs.colspan,
        rowspan: attrs.rowspan === 1 ? null : attrs.rowspan,
        class: alignClass(attrs.align),
      },
      0,
    ],
  },
  image: {
    group: "flow",
    content: "inline*",
    isolating: true,
    draggable: true,
    attrs: {
      ...ID,
      media: { default: 0 },
      src: { default: "" },
      alt: { default: null },
      decorative: { default: false },
      align: { default: "" },
      link: { default: "" },
    },
    parseDOM: [
      { tag: "figure[data-block=image]", getAttrs: (dom) => read(dom.dataset.attrs), contentElement: "figcaption" },
      { tag: "img[src]", getAttrs: imageOf },
    ],
    toDOM: (node) => [
      "figure",
      { "data-block": "image", "data-attrs": JSON.stringify({ ...node.attrs, id: null }) },
      ["figcaption", 0],
    ],
  },
  gallery: card("gallery", {
    columns: { default: 3 },
    crop: { default: true },
    images: { default: [] },
    caption: { default: "" },
  }),
  embed: card("embed", { url: { default: "" }, caption: { default: "" } }),
  button: card("button", {
    text: { default: "" },
    url: { default: "" },
    style: { default: "filled" },
    align: { default: "" },
  }),
  columns: {
    content: "column{2,4}",
    isolating: true,
    attrs: ID,
    parseDOM: [{ tag: "div.block-columns" }],
    toDOM: (node) => ["div", { class: `block-columns columns-${node.childCount}` }, 0],
  },
  column: {
    content: "flow+",
    isolating: true,
    attrs: { width: { default: 0 } },
    parseDOM: [{ tag: "div.block-column", getAttrs: (dom) => ({ width: number(dom.dataset.width, 10, 90, 0) }) }],
    toDOM: ({ attrs: { width } }) => [
      "div",
      { class: `block-column${width ? ` width-${Math.round(width / 5) * 5}` : ""}`, "data-width": width || null },
      0,
    ],
  },
  shortcode: card("shortcode", { name: { default: "" }, attrs_text: { default: "" }, body: { default: "" } }),
  pattern: card("pattern", { pattern: { default: 0 } }),
  separator: { ...card("separator", {}), parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
  more: card("more", {}, "divider"),
  page_break: card("page_break", {}, "divider"),
  html: card("html", { html: { default: "" } }),
  text: { group: "inline" },
  hard_break: {
    group: "inline",
    inline: true,
    selectable: false,
    linebreakReplacement: true,
    parseDOM: [{ tag: "br" }],
    toDOM: () => ["br"],
    leafText: () => "\n",
  },
};

/** The part of a quote or a callout that holds its text: ours has one, those of other pages are it themselves. */
function inner(dom) {
  return dom.querySelector(":scope > .inside") ?? dom;
}

function languageOf(dom) {
  const named = [dom, dom.firstElementChild].map((part) => /\blang(?:uage)?-([\w+#-]{1,30})/.exec(part?.className ?? ""));
  return ((named[0] ?? named[1])?.[1] ?? "").toLowerCase();
}

function cellOf(dom) {
  return {
    colspan: number(dom.getAttribute("colspan"), 1, 100, 1),
    rowspan: number(dom.getAttribute("rowspan"), 1, 1000, 1),
    align: alignOf(dom),
  };
}

function imageOf(dom) {
  const address = dom.getAttribute("src");
  if (!/^https?:\/\//i.test(address)) return false;
  const words = dom.getAttribute("alt") ?? "";
  return { src: address, alt: words || null };
}

const simple = (tag, ...others) => ({
  parseDOM: [{ tag }, ...others.map((other) => ({ tag: other }))],
  toDOM: () => [tag, 0],
});

const marks = {
  link: {
    attrs: { href: {}, title: { default: "" } },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: linkOf }],
    toDOM: ({ attrs }) => ["a", { href: attrs.href, title: attrs.title || null, rel: "noopener" }, 0],
  },
  bold: simple("strong", "b"),
  italic: simple("em", "i"),
  underline: simple("u"),
  strike: simple("s", "del", "strike"),
  highlight: simple("mark"),
  sub: { ...simple("sub"), excludes: "sub sup" },
  sup: { ...simple("sup"), excludes: "sub sup" },
  lang: {
    attrs: { lang: {} },
    parseDOM: [{ tag: "span[lang]", getAttrs: (dom) => ({ lang: dom.getAttribute("lang") }) }],
    toDOM: ({ attrs }) => ["span", { lang: attrs.lang }, 0],
  },
  inline_code: { ...simple("code"), code: true },
};

/** Addresses that a link may have: the web, mail, telephone, and places of the site. */
export function goodAddress(text) {
  const address = text.trim();
  if (/^(https?:\/\/[^\s/]|mailto:[^\s]|tel:[+\d]|\/(?!\/)|#)/i.test(address)) return address;
  return "";
}

function linkOf(dom) {
  const href = goodAddress(dom.getAttribute("href"));
  return href ? { href, title: dom.getAttribute("title") ?? "" } : false;
}

export const schema = new Schema({ nodes, marks });
