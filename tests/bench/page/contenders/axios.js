/** As the README of axios-auth-refresh has it, with the token in a variable rather than in localStorage. */
import axios from "axios";
import { createAuthRefresh } from "axios-auth-refresh";
import { refresh, thing } from "../addresses.js";

export const name = "axios + axios-auth-refresh";

/** @type {object} */
const withoutRefresh = { skipAuthRefresh: true };

export async function create({ fetch }) {
  // The page's own fetch stands for what axios does by itself, which is XMLHttpRequest.
  const instance = axios.create(fetch === globalThis.fetch ? {} : { adapter: "fetch", env: { fetch } });
  let token;
  const restore = async () => {
    const { data } = await instance.post(refresh, undefined, withoutRefresh);
    token = data.access_token;
  };
  instance.interceptors.request.use((request) => {
    if (token) request.headers.Authorization = `Bearer ${token}`;
    return request;
  });
  // By default, what is rejected while another request's refresh is under way is not sent again, but fails.
  createAuthRefresh(/** @type {any} */ (instance), restore, { deduplicateRefresh: false });
  return { restore, request: async () => (await instance.get(thing)).data, end() {} };
}
