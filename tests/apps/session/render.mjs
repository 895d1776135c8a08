/** Renders the app on a server, into a page of its own beside the built one. */
import { readFileSync, writeFileSync } from "node:fs";
import { render } from "./dist-server/server.js";

const page = readFileSync("dist/index.html", "utf8");
writeFileSync("dist/rendered.html", page.replace('<div id="root"></div>', `<div id="root">${await render()}</div>`));
