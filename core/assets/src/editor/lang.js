// The language of some words, for screen readers and spelling: a mark of its own.
import { el, say } from "./dom.js";
import { schema } from "./schema.js";

const { lang } = schema.marks;
const USUAL = ["en", "pt-BR", "es", "fr", "de", "it", "la"];

/** Return a command that asks for the language of the chosen words. */
export function langDialog() {
  let view = null;
  const code = el("input", { class: "input", id: "lang-code", list: "lang-usual", autocomplete: "off", maxlength: "20", spellcheck: "false" });
  const wrong = el("p", { class: "error", role: "alert" });
  const dialog = el(
    "dialog",
    { class: "link-dialog", "aria-labelledby": "lang-name" },
    el("h2", { id: "lang-name" }, say("mark_lang")),
    el("div", { class: "field" }, el("label", { for: "lang-code" }, say("lang_code")), code, wrong, el("p", { class: "help" }, say("lang_help"))),
    el("datalist", { id: "lang-usual" }, USUAL.map((value) => el("option", { value }))),
    el(
      "footer",
      {},
      el("button", { type: "button", class: "btn", onclick: () => dialog.close() }, say("cancel")),
      el("button", { type: "button", class: "btn btn-main", onclick: () => take() }, say("lang_set")),
    ),
  );
  document.body.append(dialog);

  function take() {
    const wanted = code.value.trim();
    if (wanted && !/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(wanted)) {
      wrong.textContent = say("lang_wrong");
      return code.focus();
    }
    const { from, to } = view.state.selection;
    const tr = view.state.tr.removeMark(from, to, lang);
    if (wanted) tr.addMark(from, to, lang.create({ lang: wanted }));
    view.dispatch(tr);
    dialog.close();
  }

  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && event.target === code) {
      event.preventDefault();
      take();
    }
  });
  dialog.addEventListener("close", () => view.focus());

  return (state, dispatch, given) => {
    if (state.selection.empty) return false;
    if (!dispatch) return true;
    view = given;
    const here = state.selection.$from.nodeAfter?.marks ?? [];
    code.value = lang.isInSet(here)?.attrs.lang ?? "";
    wrong.textContent = "";
    dialog.showModal();
    code.select();
    return true;
  };
}
