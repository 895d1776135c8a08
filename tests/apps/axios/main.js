import axios from "axios";
import { createTokenManager } from "tokenhold";
import { attachTokens } from "tokenhold/axios";
import * as behaviours from "./behaviours.js";

const $ = (id) => document.getElementById(id);

const started = createTokenManager({ refresh: "/auth/refresh", logout: "/auth/logout" });
const api = axios.create({ baseURL: "/api" });
// As docs/axios.md does it.
const detach = attachTokens(api, { fetch: async (...given) => (await started).fetch(...given) });

start();

async function start() {
  const tokens = await started;
  const show = () => ($("status").textContent = tokens.status);
  tokens.subscribe(show);
  show();
  $("sign-in").onclick = async () => tokens.signIn((await axios.post("/auth/login", alice, csrf)).data);
  $("sign-out").onclick = () => tokens.logout();
  $("call").onclick = async () => ($("name").textContent = (await api.get("/me")).data.name);
  Object.assign(window, { api, attachTokens, axios, behaviours, detach, tokens });
}

const alice = { username: "alice", password: "correct horse" };
const csrf = { headers: { "X-Requested-With": "an app" } };
