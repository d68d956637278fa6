// Every kind of block that can be put in: its icon, the words it is found by, and how it begins.
import { lift, setBlockType, wrapIn } from "prosemirror-commands";
import { closeHistory } from "prosemirror-history";
import { wrapInList } from "prosemirror-schema-list";
import { place } from "./moving.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const text = (...content) => nodes.paragraph.create(null, content);
const cells = (count) => Array.from({ length: count }, () => nodes.table_cell.create(null, text()));
const rows = (count, width) => Array.from({ length: count }, () => nodes.table_row.create(null, cells(width)));
const columns = (count) => Array.from({ length: count }, () => nodes.column.create(null, text()));
const item = () => nodes.list_item.create(null, text());

/** Names in both languages, without accents; the name on screen is searched too. */
export const KINDS = [
  { name: "paragraph", group: "text", icon: "paragraph", also: "paragraph paragrafo text texto p", make: () => text() },
  ...[2, 3, 4].map((level) => ({
    name: `heading_${level}`,
    group: "text",
    icon: "heading",
    hint: "#".repeat(level),
    also: `heading titulo cabecalho subtitulo h${level}`,
    make: () => nodes.heading.create({ level }),
  })),
  { name: "bullet_list", group: "text", icon: "list", hint: "-", also: "bullet list lista marcadores topicos ul", make: () => nodes.bullet_list.create(null, item()) },
  { name: "ordered_list", group: "text", icon: "list-numbers", hint: "1.", also: "numbered ordered list lista numerada ol", make: () => nodes.ordered_list.create(null, item()) },
  { name: "quote", group: "text", icon: "quote", hint: ">", also: "quote blockquote citacao", make: () => nodes.quote.create(null, text()) },
  { name: "callout", group: "text", icon: "info", also: "callout notice box aviso destaque nota caixa alerta", make: () => nodes.callout.create(null, text()) },
  { name: "code", group: "text", icon: "code", hint: "```", also: "code codigo pre", make: () => nodes.code.create() },
  { name: "image", group: "media", icon: "image", also: "image picture photo imagem foto figura", make: () => nodes.image.create(), ask: "image" },
  { name: "gallery", group: "media", icon: "gallery", also: "gallery photos galeria fotos imagens", make: () => nodes.gallery.create(), ask: "gallery" },
  { name: "embed", group: "media", icon: "video", also: "embed video youtube vimeo podcast incorporar audio", make: () => nodes.embed.create(), ask: "panel" },
  { name: "table", group: "layout", icon: "table", also: "table tabela grid", make: () => nodes.table.create(null, rows(3, 3)) },
  { name: "columns", group: "layout", icon: "columns", also: "columns colunas lado", make: () => nodes.columns.create(null, columns(2)) },
  { name: "button", group: "layout", icon: "button", also: "button botao cta", make: () => nodes.button.create(), ask: "panel" },
  { name: "separator", group: "layout", icon: "divide", hint: "---", also: "separator divider line separador linha hr", make: () => nodes.separator.create() },
  { name: "more", group: "layout", icon: "more", also: "read more leia mais continuar", make: () => nodes.more.create() },
  { name: "page_break", group: "layout", icon: "page-break", also: "page break quebra pagina", make: () => nodes.page_break.create() },
  { name: "pattern", group: "reuse", icon: "puzzle", also: "pattern reusable padrao reutilizavel modelo", make: () => nodes.pattern.create(), ask: "panel" },
  { name: "shortcode", group: "reuse", icon: "shortcode", also: "shortcode codigo curto", make: () => nodes.shortcode.create(), ask: "panel" },
  { name: "html", group: "reuse", icon: "html", also: "html source fonte", make: () => nodes.html.create(), ask: "panel" },
];

export const kindNamed = (name) => KINDS.find((kind) => kind.name === name);

/** Return the icon of a block that is there. */
export function iconOf(node) {
  return (kindNamed(node.type.name) ?? kindNamed(`heading_${node.attrs.level}`) ?? kindNamed("heading_4"))?.icon;
}

/** Put a block of a kind in; `then` is told what is to be asked for next. */
export function insert(view, kind, then) {
  const tr = view.state.tr;
  if (!place(tr, kind.make())) return false;
  view.dispatch(closeHistory(tr));
  view.focus();
  if (kind.ask) then?.(kind.ask);
  return true;
}

const inList = ($pos) => {
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    const { name } = $pos.node(depth).type;
    if (name === "bullet_list" || name === "ordered_list") return { depth, name };
  }
  return null;
};

/** Return a command that makes a list of the chosen paragraphs, changes its kind, or ends it. */
export function toggleList(type) {
  return (state, dispatch) => {
    const list = inList(state.selection.$from);
    if (!list) return wrapInList(type)(state, dispatch);
    if (list.name === type.name) return lift(state, dispatch);
    if (dispatch) dispatch(state.tr.setNodeMarkup(state.selection.$from.before(list.depth), type, { id: state.selection.$from.node(list.depth).attrs.id }));
    return true;
  };
}

/** Return a command that wraps the chosen blocks, or takes the wrapper off. */
export function toggleWrap(type) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      if ($from.node(depth).type === type) return lift(state, dispatch);
    }
    return wrapIn(type)(state, dispatch);
  };
}

/** Return the command that makes the block of the cursor one of another kind. */
export function turnInto(name) {
  const level = /^heading_(\d)$/.exec(name)?.[1];
  if (level) return setBlockType(nodes.heading, { level: Number(level) });
  if (name === "code") return setBlockType(nodes.code);
  if (name === "paragraph") return setBlockType(nodes.paragraph);
  if (name === "bullet_list" || name === "ordered_list") return toggleList(nodes[name]);
  return toggleWrap(nodes[name]);
}

/** Return the name of the kind that the cursor is in, for the chooser of the toolbar. */
export function kindAt(state) {
  const { $from } = state.selection;
  const list = inList($from);
  if (list) return list.name;
  const { parent } = $from;
  if (parent.type === nodes.heading) return `heading_${parent.attrs.level}`;
  if (parent.type === nodes.code) return "code";
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const { name } = $from.node(depth).type;
    if (name === "quote" || name === "callout") return name;
  }
  return "paragraph";
}
