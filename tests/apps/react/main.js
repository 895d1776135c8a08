import { createElement } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App } from "./App.jsx";
import { start } from "./session.js";

const root = document.getElementById("root");
const mode = location.hash.slice(1);

if (mode === "late") start().then((tokens) => tokens.ready.then(() => show(tokens)));
else show(start);

function show(tokens) {
  const app = createElement(App, { tokens, mode });
  if (root.hasChildNodes()) hydrateRoot(root, app);
  else createRoot(root).render(app);
}
