// The picker of files: a dialog with search, grid and upload. Arrows move, Space or Enter chooses.
import { sendFiles, takeDrops } from "./media_upload.js";

const ACCEPT = { image: "image/*", video: "video/*", audio: "audio/*" };
let asked = null;

/** The dialog, brought from the server when it is first needed: its words come translated. */
async function dialogOf() {
  const known = document.getElementById("media-picker");
  if (known) return known;
  asked ??= fetch("/admin/media/picker", { headers: { Accept: "text/html" } });
  const answer = await asked;
  asked = null;
  if (!answer.ok) throw new Error(`The picker could not be loaded: ${answer.status}`);
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
  document.body.append(made);
  return made;
}

/**
 * Let somebody choose from the library, or upload into it.
 *
 * @param {{kind?: string, multiple?: boolean}} options kind: "image", "video", "audio", "document" or "" for all.
 * @returns {Promise<Array<object> | null>} Items as of `GET /admin/media/choose`, null if nothing was chosen.
 */
export async function chooseMedia({ kind = "image", multiple = false } = {}) {
  const dialog = await dialogOf();
  const back = document.activeElement;
  const picker = new Picker(dialog, kind, multiple);
  const chosen = await picker.run();
  if (back instanceof HTMLElement) back.focus();
  return chosen;
}

class Picker {
  constructor(dialog, kind, multiple) {
    this.dialog = dialog;
    this.kind = kind;
    this.multiple = multiple;
    this.chosen = new Map();
    this.items = new Map();
    this.page = 0;
    this.stop = new AbortController();
    this.find = (name) => dialog.querySelector(`[data-${name}]`);
    this.grid = this.find("grid");
  }

  run() {
    const { dialog } = this;
    const on = (element, name, act) => element.addEventListener(name, act, { signal: this.stop.signal });
    const title = dialog.querySelector("h2");
    title.textContent = this.kind === "image" ? title.dataset.titleImage : title.dataset.title;
    const file = this.find("file");
    file.multiple = this.multiple;
    file.accept = ACCEPT[this.kind] ?? "";
    this.grid.setAttribute("aria-multiselectable", String(this.multiple));
    this.find("q").value = "";
    this.find("uploads").replaceChildren();
    this.count();
    let timer = 0;
    on(this.find("q"), "input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.load(1), 200);
    });
    on(file, "change", () => {
      this.upload([...file.files]);
      file.value = "";
    });
    on(this.find("more"), "click", () => this.load(this.page + 1));
    on(this.find("done"), "click", () => dialog.close("done"));
    for (const button of dialog.querySelectorAll("[data-close]")) on(button, "click", () => dialog.close(""));
    on(dialog, "keydown", (event) => this.key(event));
    on(this.grid, "click", (event) => this.toggle(event.target.closest("[role=option]")));
    on(this.grid, "dblclick", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      this.toggle(option, true);
      dialog.close("done");
    });
    if (!dialog.dataset.drops) {
      dialog.dataset.drops = "1";
      takeDrops(dialog, (files) => dialog.dispatchEvent(new CustomEvent("files", { detail: files })));
    }
    on(dialog, "files", (event) => this.upload([...event.detail]));
    dialog.returnValue = "";
    dialog.showModal();
    this.load(1);
    return new Promise((resolve) => {
      on(dialog, "close", () => {
        this.stop.abort();
        this.grid.replaceChildren();
        resolve(dialog.returnValue === "done" && this.chosen.size ? [...this.chosen.values()] : null);
      });
    });
  }

  /** Show a page of what fits; the first one replaces what is there. */
  async load(page) {
    this.asking?.abort();
    this.asking = new AbortController();
    const wanted = new URLSearchParams({ q: this.find("q").value, kind: this.kind, page: String(page) });
    let found;
    try {
      const answer = await fetch(`/admin/media/choose?${wanted}`, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.any([this.asking.signal, this.stop.signal]),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      found = await answer.json();
    } catch (error) {
      if (error.name !== "AbortError") this.say(this.dialog.dataset.failed);
      return;
    }
    if (page === 1) this.grid.replaceChildren();
    const first = this.grid.children.length;
    for (const item of found.items) this.grid.append(this.option(item));
    this.page = page;
    this.find("more").hidden = !found.more;
    this.find("empty").hidden = this.grid.children.length > 0;
    if (!this.grid.children.length) this.say(this.dialog.dataset.none);
    if (page > 1) this.grid.children[first]?.focus();
    this.rove();
  }

  option(item) {
    this.items.set(item.number, item);
    const option = this.find("item").content.firstElementChild.cloneNode(true);
    option.dataset.number = item.number;
    option.querySelector(".picker-name").textContent = item.title || item.filename || this.dialog.dataset.untitled;
    if (item.thumb) {
      const picture = new Image();
      picture.src = item.thumb;
      picture.alt = "";
      picture.loading = "lazy";
      option.querySelector(".picker-thumb").replaceChildren(picture);
    }
    option.setAttribute("aria-selected", String(this.chosen.has(item.number)));
    return option;
  }

  /** One option can be reached by Tab: the chosen one, or the first. */
  rove(to) {
    const options = [...this.grid.children];
    const one = to ?? options.find((option) => option.getAttribute("aria-selected") === "true") ?? options[0];
    for (const option of options) option.tabIndex = option === one ? 0 : -1;
  }

  toggle(option, always = false) {
    if (!option) return;
    const number = Number(option.dataset.number);
    if (this.chosen.has(number) && !always) {
      this.chosen.delete(number);
    } else {
      if (!this.multiple) this.chosen.clear();
      this.chosen.set(number, this.items.get(number));
    }
    for (const other of this.grid.children) {
      other.setAttribute("aria-selected", String(this.chosen.has(Number(other.dataset.number))));
    }
    this.rove(option);
    option.focus();
    this.count();
  }

  count() {
    const { one, many } = this.dialog.dataset;
    const count = this.chosen.size;
    this.find("count").textContent = count ? (count === 1 ? one : many.replace("{count}", count)) : "";
    this.find("done").disabled = !count;
  }

  key(event) {
    if (event.key === "Enter" && event.target.matches("[data-q]")) {
      event.preventDefault(); // it may stand in a form
      this.load(1);
      return;
    }
    const option = event.target.closest("[role=option]");
    if (!option) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      const again = event.key === "Enter" && option.getAttribute("aria-selected") === "true";
      if (again) this.dialog.close("done");
      else this.toggle(option);
      return;
    }
    const options = [...this.grid.children];
    const perLine = options.filter((other) => other.offsetTop === options[0].offsetTop).length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perLine, ArrowUp: -perLine }[event.key];
    const at = options.indexOf(option);
    const to = { Home: options[0], End: options.at(-1) }[event.key] ?? (step ? options[at + step] : null);
    if (!to) return;
    event.preventDefault();
    this.rove(to);
    to.focus();
  }

  async upload(files) {
    if (!files.length) return;
    const some = this.multiple ? files : files.slice(0, 1);
    const list = this.find("uploads");
    await sendFiles(some, list, {
      each: (item) => {
        const option = this.option(item);
        this.grid.prepend(option);
        this.find("empty").hidden = true;
        this.toggle(option, true);
        this.say(list.dataset.ready.replace("{name}", item.title || item.filename));
      },
    });
  }

  say(text) {
    this.find("status").textContent = text;
  }
}
