// Pictures: chosen from the library, sent up, and looked up by their numbers to be shown.
import { chooseMedia } from "../admin/media_picker.js";
import { ask, say } from "./dom.js";

const known = new Map();
const waiting = new Map();
let asked = null;

/** Keep what is known of pictures, so that they are shown without asking. */
export function learn(items) {
  for (const item of items) known.set(item.number, item);
  return items;
}

/** Return what is known of a picture, null for one that is not there; or a promise of it. */
export function pictureOf(number) {
  if (known.has(number)) return known.get(number);
  if (!waiting.has(number)) {
    asked ??= { numbers: [], answer: new Promise((resolve) => setTimeout(() => resolve(look()), 0)) };
    asked.numbers.push(number);
    waiting.set(
      number,
      asked.answer.then(() => known.get(number) ?? null),
    );
  }
  return waiting.get(number);
}

/** Ask once for all pictures that are to be shown. */
async function look() {
  const { numbers } = asked;
  asked = null;
  try {
    learn((await ask(`/admin/blocks/media?numbers=${numbers.join()}`)).items);
  } catch {
    // they are shown as missing, and asked for again when they are drawn again
  }
  for (const number of numbers) waiting.delete(number);
}

/** Send a picture to the library. @throws {Problem} It was refused. */
export async function upload(file) {
  const form = new FormData();
  form.append("file", file, file.name || `${say("picture")}.png`);
  return learn([await ask("/admin/media/upload", { body: form })])[0];
}

/** Let somebody choose pictures; null when nothing was chosen. */
export async function choose(multiple) {
  const items = await chooseMedia({ kind: "image", multiple });
  return items ? learn(items) : null;
}
