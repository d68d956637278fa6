// Messages: the good ones leave by themselves, the others wait until they are closed.

const STAY = 6000;

function leave(toast) {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 260);
}

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "1";
  if (toast.dataset.toast !== "success") return;
  let timer = setTimeout(leave, STAY, toast);
  for (const pause of ["pointerenter", "focusin"]) toast.addEventListener(pause, () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => {
    timer = setTimeout(leave, STAY / 2, toast);
  });
}

export function startToasts() {
  const region = document.getElementById("toasts");
  if (!region) return;
  for (const toast of region.children) watch(toast);
  new MutationObserver(() => [...region.children].forEach(watch)).observe(region, { childList: true });
  region.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) leave(event.target.closest(".toast"));
  });
}
