#!/bin/sh
# Under three libraries that intercept XMLHttpRequest, a class that extends it never gets its overrides called.
#
# Versions:  ajax-hook 3.0.3, xhook 1.6.2, @mswjs/interceptors 0.41.9, in jsdom 29.1.1.
# Behaviour: each puts a constructor in place of XMLHttpRequest that returns an object of its own. By the rules of
#            JavaScript that object is then what `new` of a subclass gives, without the subclass's methods. A library
#            that adds a token in such an override sends requests without it, and nothing says so.
# Output:    whether `open` of a subclass is called.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts \
  ajax-hook@3.0.3 xhook@1.6.2 @mswjs/interceptors@0.41.9 jsdom@29.1.1

cat > page.cjs <<'JS'
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("", { url: "http://127.0.0.1/" });
globalThis.window = window;
for (const name of ["document", "XMLHttpRequest", "Event", "EventTarget", "ProgressEvent", "location"]) {
  globalThis[name] = window[name];
}
exports.report = (name, XMLHttpRequest) => {
  let called = false;
  class Authorized extends XMLHttpRequest {
    open(...values) {
      called = true;
      super.open(...values);
    }
  }
  new Authorized().open("GET", "/");
  console.log(`${name}: ${called ? "called" : "not called"}`);
};
JS
cat > bare.cjs <<'JS'
require("./page.cjs").report("jsdom alone", window.XMLHttpRequest);
JS
cat > ajax-hook.cjs <<'JS'
const { report } = require("./page.cjs");
require("ajax-hook/dist/ajaxhook.umd.js").proxy({}, window);
report("ajax-hook", window.XMLHttpRequest);
JS
cat > xhook.cjs <<'JS'
const { report } = require("./page.cjs");
globalThis.self = window;
const xhook = require("xhook");
(xhook.default ?? xhook).enable();
report("xhook", globalThis.XMLHttpRequest);
JS
cat > mswjs.cjs <<'JS'
const { report } = require("./page.cjs");
const { XMLHttpRequestInterceptor } = require("@mswjs/interceptors/XMLHttpRequest");
new XMLHttpRequestInterceptor().apply();
report("@mswjs/interceptors", globalThis.XMLHttpRequest);
JS
for script in bare ajax-hook xhook mswjs; do node "$script.cjs"; done > seen

diff - seen <<'SEEN'
jsdom alone: called
ajax-hook: not called
xhook: not called
@mswjs/interceptors: not called
SEEN
