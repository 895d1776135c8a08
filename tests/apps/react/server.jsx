import { renderToString } from "react-dom/server";
import { App } from "./App.jsx";
import { start } from "./session.js";

export const render = async () => renderToString(<App tokens={start} mode="" />);
