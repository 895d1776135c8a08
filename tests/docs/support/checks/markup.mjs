/** `html`, `vue` and `svelte`: compiled, and the scripts in them taken out for the TypeScript compiler. */
import { compile } from "svelte/compiler";
import { compileScript, compileTemplate, parse } from "vue/compiler-sfc";
import { require } from "../workshop.mjs";

const { parse: parseHtml, parseFragment } = require("parse5");

/** Of a language, what is wrong with a text, and the scripts in it. */
export const markup = {
  html: { complaints: htmlComplaints, scripts: htmlScripts },
  vue: { complaints: vueComplaints, scripts: componentScripts },
  svelte: { complaints: svelteComplaints, scripts: svelteScripts },
};

function htmlComplaints(text) {
  const errors = [];
  const onParseError = ({ code, startLine }) => errors.push(`line ${startLine}: ${code}`);
  const parseText = /^\s*<!doctype/i.test(text) ? parseHtml : parseFragment;
  parseText(text, { sourceCodeLocationInfo: true, onParseError });
  return [...errors, ...importMaps(text)];
}

function importMaps(text) {
  return [...text.matchAll(/<script type="importmap"[^>]*>([\s\S]*?)<\/script>/g)].flatMap(([, json]) => {
    try {
      const { imports } = JSON.parse(json);
      return imports && typeof imports === "object" ? [] : ["an import map without imports"];
    } catch (error) {
      return [`the import map: ${error.message}`];
    }
  });
}

function htmlScripts(text) {
  return scriptsIn(text, /<script type="module"[^>]*>/g, "js");
}

function vueComplaints(text) {
  const { descriptor, errors } = parse(text, { filename: "block.vue" });
  if (errors.length > 0) return errors.map(String);
  try {
    const script =
      descriptor.scriptSetup || descriptor.script
        ? compileScript(descriptor, { id: "block", inlineTemplate: false })
        : undefined;
    if (!descriptor.template) return [];
    const { content, ast } = descriptor.template;
    const compilerOptions = { bindingMetadata: script?.bindings };
    return compileTemplate({ source: content, ast, filename: "block.vue", id: "block", compilerOptions }).errors.map(
      String,
    );
  } catch (error) {
    return [String(error)];
  }
}

function componentScripts(text) {
  return scriptsIn(text, /<script\b[^>]*\blang="ts"[^>]*>/g, "ts");
}

function svelteComplaints(text) {
  try {
    const { warnings } = compile(text, { filename: "Block.svelte", generate: "client" });
    return warnings.map(({ code, message }) => `${code}: ${message}`);
  } catch (error) {
    return [String(error)];
  }
}

/** Runes and `$store` are Svelte's own language: the TypeScript compiler cannot read them. */
function svelteScripts(text) {
  return componentScripts(text).filter(
    ({ code }) => !/\$(?:state|derived|effect|props|bindable)\b|(?<![\w$])\$[a-z]\w*/.test(code),
  );
}

/** The scripts that begin with `tag`: their code, and the line it begins at, counted from 0. */
function scriptsIn(text, tag, extension) {
  return [...text.matchAll(tag)].map((match) => {
    const start = match.index + match[0].length;
    const code = text.slice(start, text.indexOf("</script>", start)).replace(/^\n/, "");
    const line = text.slice(0, start + 1).split("\n").length - 1;
    return { code, line, extension };
  });
}
