import { createTokenhold } from "tokenhold/vue";
import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import App from "./App.vue";
import { start } from "./session.js";

export const render = () => renderToString(createSSRApp(App).use(createTokenhold(start)));
