// The admin's script. htmx is locked down before it looks at the page (controls WB04, WB05).
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
});

window.htmx = htmx;
