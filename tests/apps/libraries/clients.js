/** Each library with `tokens.fetch` in the place of the page's own: reads who one is, writes a note, and can be aborted. */
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { QueryClient } from "@tanstack/query-core";
import ky from "ky";
import { createFetch } from "ofetch";
import createClient from "openapi-fetch";

export const clients = (tokens) => ({
  ky: withKy(tokens),
  ofetch: withOfetch(tokens),
  query: withQuery(tokens),
  apollo: withApollo(tokens),
  openapi: withOpenapi(tokens),
});

function withKy(tokens) {
  const api = ky.create({ fetch: tokens.fetch });
  return {
    read: () => api.get("/api/me").json(),
    write: (text) => api.post("/api/notes", { json: { text } }).json(),
    abortable: (signal) => api.get("/api/slow", { signal, timeout: false }),
  };
}

function withOfetch(tokens) {
  const api = createFetch({ fetch: tokens.fetch, Headers, AbortController }).create({ baseURL: "/api" });
  return {
    read: () => api("/me"),
    write: (text) => api("/notes", { method: "POST", body: { text } }),
    abortable: (signal) => api("/slow", { signal }),
  };
}

function withQuery(tokens) {
  const queries = new QueryClient();
  const json = async (response) => {
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  };
  const headers = { "Content-Type": "application/json" };
  return {
    read: () =>
      queries.fetchQuery({
        queryKey: ["me"],
        queryFn: async ({ signal }) => json(await tokens.fetch("/api/me", { signal })),
      }),
    write: async (text) =>
      json(await tokens.fetch("/api/notes", { method: "POST", headers, body: JSON.stringify({ text }) })),
    abortable: (signal) => {
      signal.addEventListener("abort", () => queries.cancelQueries({ queryKey: ["slow"] }));
      return queries.fetchQuery({ queryKey: ["slow"], queryFn: ({ signal }) => tokens.fetch("/api/slow", { signal }) });
    },
  };
}

function withApollo(tokens) {
  const link = new HttpLink({ uri: "/api/graphql", fetch: tokens.fetch });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const fetchPolicy = "network-only";
  const once = async (query) => (await client.query({ query, fetchPolicy })).data;
  return {
    read: async () => (await once(gql`query Me { me { name } }`)).me,
    write: async (text) => {
      const mutation = gql`mutation Note($text: String!) { note(text: $text) { text } }`;
      return (await client.mutate({ mutation, variables: { text } })).data.note;
    },
    abortable: (signal) =>
      client.query({ query: gql`query Slow { slow }`, fetchPolicy, context: { fetchOptions: { signal } } }),
  };
}

function withOpenapi(tokens) {
  const api = createClient({ baseUrl: location.origin, fetch: tokens.fetch });
  return {
    read: async () => (await api.GET("/api/me")).data,
    write: async (text) => (await api.POST("/api/notes", { body: { text } })).data,
    abortable: (signal) => api.GET("/api/slow", { signal }),
  };
}
