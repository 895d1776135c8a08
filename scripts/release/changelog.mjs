/** `CHANGELOG.md`, in the form of https://keepachangelog.com: a heading for each version, with the day it came out. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/project.mjs";

const file = join(root, "CHANGELOG.md");

/** `text`: the changelog's. */
export function changelog({ manifest: { version } }, text = existsSync(file) ? readFileSync(file, "utf8") : "") {
  const sections = new Map(text.split(/^## /m).slice(1).map(titled));
  const own = [...sections.keys()].find((title) => title.startsWith(`${version} `) || title === version);
  if (own === undefined) return missing(version, sections.get("Unreleased"));
  if (!sections.get(own)) return { faults: [`CHANGELOG.md says nothing of ${version}`] };
  if (!isDated(own, version)) return { due: [`CHANGELOG.md needs the date: \`## ${version} - ${today()}\``] };
  return {
    due: sections.get("Unreleased")
      ? [`CHANGELOG.md has something that is unreleased: does it belong to ${version}?`]
      : [],
  };
}

function missing(version, unreleased) {
  if (!unreleased) return { faults: [`CHANGELOG.md has neither ${version} nor anything unreleased`] };
  return { due: [`in CHANGELOG.md, what is unreleased becomes \`## ${version} - ${today()}\``] };
}

/** A section's title and what is below it; the brackets around a version are for a link. @returns {[string, string]} */
function titled(section) {
  const [title, ...lines] = section.split("\n");
  return [title.trim().replace(/[[\]]/g, ""), lines.join("\n").trim()];
}

function isDated(title, version) {
  const date = title.slice(version.length).replace(/^ - /, "");
  return /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date));
}

function today() {
  return new Date().toISOString().slice(0, "2026-01-01".length);
}
