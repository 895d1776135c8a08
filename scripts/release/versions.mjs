/** The version, in all the places that name it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/project.mjs";

export function manifest() {
  return json("package.json");
}

export function versions({ manifest: { version } }) {
  const faults = Object.entries(named())
    .filter(([, other]) => other !== version)
    .map(([place, other]) => `package.json says ${version}, but ${place} ${other}`);
  return { faults };
}

function named() {
  const lock = json("package-lock.json");
  return {
    "package-lock.json": lock.version,
    "package-lock.json, of its root,": lock.packages[""].version,
    "Cargo.toml": first("Cargo.toml", /^version = "(.+)"$/m),
    "backend/Cargo.toml": first("backend/Cargo.toml", /^version = "(.+)"$/m),
    "Cargo.lock": first("Cargo.lock", /^name = "tokenhold"\nversion = "(.+)"$/m),
    "Cargo.lock, of the backend,": first("Cargo.lock", /^name = "tokenhold-backend"\nversion = "(.+)"$/m),
    "fuzz/Cargo.lock": first("fuzz/Cargo.lock", /^name = "tokenhold"\nversion = "(.+)"$/m),
  };
}

function first(file, pattern) {
  return pattern.exec(text(file))?.[1] ?? "nothing";
}

function json(file) {
  return JSON.parse(text(file));
}

function text(file) {
  return readFileSync(join(root, file), "utf8");
}
