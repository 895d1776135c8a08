import { createApp, createSSRApp } from "vue";
import { createTokenhold } from "tokenhold/vue";
import App from "./App.vue";
import { start } from "./session.js";

const isRendered = document.getElementById("root").hasChildNodes();

if (location.hash === "#late") start().then((tokens) => tokens.ready.then(() => show(tokens)));
else show(start);

function show(tokens) {
  (isRendered ? createSSRApp : createApp)(App).use(createTokenhold(tokens)).mount("#root");
}
