// Uploads with progress, one after the other, each with its line: name, bar, and why it was refused.

function token() {
  const given = document.body.getAttribute("hx-headers");
  return given ? JSON.parse(given)["X-CSRF-Token"] : "";
}

/** Say what a problem of the server says: of its fields, or as a whole. */
function reason(text, fallback) {
  try {
    const problem = JSON.parse(text);
    const fields = (problem.errors ?? []).map((error) => error.message).join(" ");
    return fields || problem.detail || problem.title || fallback;
  } catch {
    return fallback;
  }
}

/** Send one file; resolves to the item, or rejects with an Error that people can read. */
export function sendFile(file, { address = "/admin/media/upload", fallback = "", progress = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", token());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(new Error(reason(request.responseText, fallback)));
    });
    request.addEventListener("error", () => reject(new Error(fallback)));
    request.addEventListener("abort", () => reject(new Error(fallback)));
    request.send(form);
  });
}

function line(list, file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  bar.max = 1;
  bar.setAttribute("aria-label", list.dataset.uploading.replace("{name}", file.name));
  item.append(name, bar);
  list.append(item);
  return item;
}

/** Send files one after the other, shown in `list`; resolves to the items of those that were taken. */
export async function sendFiles(files, list, { address, each = () => {} } = {}) {
  const fallback = list.dataset.lost;
  const waiting = [...files].map((file) => ({ file, item: line(list, file) }));
  const taken = [];
  for (const { file, item } of waiting) {
    const bar = item.querySelector("progress");
    try {
      const found = await sendFile(file, {
        address,
        fallback,
        progress: (share) => {
          // the last part is the server's: it looks at the file before it answers
          if (share < 1) bar.value = share;
          else bar.removeAttribute("value");
        },
      });
      taken.push(found);
      item.remove();
      each(found);
    } catch (error) {
      bar.remove();
      const why = document.createElement("strong");
      why.setAttribute("role", "alert");
      why.textContent = error.message;
      item.classList.add("failed");
      item.append(why);
    }
  }
  return taken;
}

/** Take files that are dropped on an element. */
export function takeDrops(element, take) {
  let depth = 0;
  const holds = (event) => event.dataTransfer?.types.includes("Files");
  element.addEventListener("dragenter", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    depth += 1;
    element.classList.add("dropping");
  });
  element.addEventListener("dragover", (event) => {
    if (holds(event)) event.preventDefault();
  });
  element.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) element.classList.remove("dropping");
  });
  element.addEventListener("drop", (event) => {
    depth = 0;
    element.classList.remove("dropping");
    if (!holds(event) || !event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}
