// A list by single keys, as in mail programs: j and k go through the rows, a row's own keys act on it.
const AT = "vitral:row";

const rows = () => [...document.querySelectorAll("#list tr[data-row]")];
const current = () => document.querySelector("#list tr.row-at");

function go(row, { focus = true } = {}) {
  current()?.classList.remove("row-at");
  if (!row) return;
  row.classList.add("row-at");
  if (focus) (row.querySelector('input[name="ids"]') ?? row.querySelector("a"))?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** Where the next row stands after an action took this one away and the page came back. */
function remember() {
  sessionStorage.setItem(AT, `${location.pathname}${location.search} ${rows().indexOf(current())}`);
}

function comeBack() {
  const kept = sessionStorage.getItem(AT);
  sessionStorage.removeItem(AT);
  const [address, at] = kept?.split(" ") ?? [];
  if (address !== location.pathname + location.search) return;
  const all = rows();
  go(all[Math.min(Number(at), all.length - 1)]);
}

function act(key) {
  const row = current();
  const target = row?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  remember();
  if (target.form) target.form.requestSubmit(target);
  else target.click();
  return true;
}

export function startRowKeys() {
  if (!document.querySelector("[data-keys]")) return;
  comeBack();

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#list tr[data-row]");
    if (row) go(row, { focus: false });
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox]), dialog")) return;
    const all = rows();
    const at = all.indexOf(current());
    if (event.key === "j") go(all[Math.min(at + 1, all.length - 1)]);
    else if (event.key === "k") go(all[Math.max(at - 1, 0)]);
    else if (event.key === "x" && at >= 0) all[at].querySelector('input[name="ids"]')?.click();
    else if (event.key === "?") {
      const help = document.querySelector("[data-keys]");
      if (help) help.open = !help.open;
    } else if (event.key.length !== 1 || !act(event.key)) return;
    event.preventDefault();
  });
}
