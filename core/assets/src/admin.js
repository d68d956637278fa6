// The admin's script: htmx, locked down before it looks at the page (controls WB04, WB05), and what makes
// screens quicker to use. Everything here is a comfort: each screen works without it.
import htmx from "htmx.org";
import { startCustomise } from "./admin/customise.js";
import { startKept } from "./admin/copies.js";
import { startDialogs } from "./admin/dialogs.js";
import { startLive } from "./admin/live.js";
import { startLists } from "./admin/lists.js";
import { startMedia } from "./admin/media.js";
import { startMenus } from "./admin/menus.js";
import { startMistakes } from "./admin/mistakes.js";
import { startPalette } from "./admin/palette.js";
import { startRowKeys } from "./admin/row_keys.js";
import { startToasts } from "./admin/toasts.js";
import { startWriting } from "./admin/writing.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
});

document.documentElement.classList.add("js");

for (const start of [startKept, startCustomise, startDialogs, startLists, startLive, startMedia, startMenus, startMistakes, startPalette, startRowKeys, startToasts, startWriting]) {
  start(htmx);
}
