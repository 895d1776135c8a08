import { hydrate, mount } from "svelte";
import App from "./App.svelte";
import { tokens } from "./tokens.js";

const target = document.getElementById("root");

if (location.hash === "#late") tokens.ready.then(show);
else show();

function show() {
  if (target.hasChildNodes()) hydrate(App, { target });
  else mount(App, { target });
}
