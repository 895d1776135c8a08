import { tones } from "./seat.ts";

let sheet: CSSStyleSheet | undefined;

/** One sheet for all inspectors. A constructed sheet is not an inline style, so a Content-Security-Policy allows it. */
export function styleSheet(): CSSStyleSheet {
  if (sheet) return sheet;
  sheet = new CSSStyleSheet();
  sheet.replaceSync([ground, head, present, timeline, log, tones].join("\n"));
  return sheet;
}

const ground = `
:host {
  --surface: light-dark(#ffffff, #1b1f26);
  --sunken: light-dark(#f1efeb, #232831);
  --line: light-dark(#e3e0d9, #2b313b);
  --line-strong: light-dark(#cbc7bd, #424a57);
  --ink: light-dark(#1f242b, #e7e9ec);
  --ink-soft: light-dark(#5b626c, #9aa3af);
  --accent: light-dark(#0f6b62, #58c2b1);
  --accent-soft: light-dark(#d9ece8, #1d3a37);
  --warm: light-dark(#9a5b00, #efb45e);
  --warm-fill: light-dark(#d98a1c, #e2a03f);
  --bad: light-dark(#b3261e, #ff8f86);
  --bad-soft: light-dark(#fbeae8, #3a2223);
  --sans: -apple-system, BlinkMacSystemFont, "Segoe UI Variable Text", "Segoe UI", "Inter", "Roboto", "Cantarell", "Ubuntu", "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", "Menlo", "DejaVu Sans Mono", monospace;
  display: block;
  min-width: 0;
  color: var(--ink);
  font: 400 15px/1.5 var(--sans);
  font-variant-numeric: tabular-nums;
  letter-spacing: normal;
  text-align: start;
  text-transform: none;
  -webkit-font-smoothing: antialiased;
}
:host([hidden]), [hidden] { display: none !important; }
:host([floating]) {
  position: fixed;
  inset: auto 16px 16px auto;
  z-index: 2147483000;
  width: min(440px, calc(100vw - 32px));
  font-size: 14px;
}
:host([floating][collapsed]) { width: auto; max-width: calc(100vw - 32px); }

*, *::before, *::after { box-sizing: border-box; }
h2, p, dl, dd, ul, ol, fieldset { margin: 0; padding: 0; }
ul, ol { list-style: none; }
fieldset { border: 0; min-width: 0; }
code { font: 0.9em var(--mono); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
.quiet { color: var(--ink-soft); }
.icon { width: 1em; height: 1em; fill: none; stroke: currentcolor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.tab-name { color: var(--tone, inherit); font-weight: 620; }

.panel {
  container-type: inline-size;
  position: relative;
  overflow: clip;
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: 16px;
}
:host([floating]) .panel { box-shadow: 0 2px 6px rgb(0 0 0 / 8%), 0 16px 48px -12px rgb(0 0 0 / 28%); }
:host([floating][collapsed]) .panel { container-type: normal; border-radius: 999px; }
.body { display: grid; grid-template-columns: minmax(0, 1fr); gap: 22px; padding: 4px 24px 24px; }
:host([floating]) .body { max-height: calc(100dvh - 96px); overflow-y: auto; padding: 4px 18px 18px; gap: 18px; scrollbar-width: thin; }

@container (max-width: 480px) {
  .body { padding-inline: 18px; }
}

@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}

@media (forced-colors: active) {
  .life-fill, .status-dot, .key { forced-color-adjust: none; }
}
`;

const head = `
.head { display: flex; align-items: center; gap: 8px; padding: 10px 24px 10px 12px; }
.toggle { display: flex; align-items: center; gap: 10px; min-height: 40px; padding: 4px 12px; border: 0; border-radius: 10px; background: none; color: inherit; font: inherit; cursor: pointer; }
.toggle:hover { background: var(--sunken); }
.mark { width: 22px; height: 22px; fill: none; stroke-linecap: round; flex: none; }
.mark-ring { stroke: var(--ink); stroke-width: 3.5; }
.mark-token { fill: var(--line-strong); transition: fill 0.3s; }
.panel[data-status="signed-in"] .mark-token { fill: var(--accent); }
.panel[data-failing] .mark-token { fill: var(--warm-fill); }
.status { display: inline-flex; align-items: center; gap: 8px; font-weight: 600; white-space: nowrap; }
.status-dot { width: 8px; height: 8px; border-radius: 50%; background: var(--line-strong); }
.panel[data-status="signed-in"] .status { color: var(--accent); }
.panel[data-status="signed-in"] .status-dot { background: var(--accent); box-shadow: 0 0 0 4px var(--accent-soft); }
.panel[data-status="restoring"] .status-dot { animation: breathe 1.4s ease-in-out infinite alternate; }
.panel[data-failing] .status { color: var(--warm); }
.panel[data-failing] .status-dot { background: var(--warm-fill); box-shadow: none; }
@keyframes breathe { to { background: var(--accent); } }
.brief { color: var(--ink-soft); white-space: nowrap; }
.brief:empty, :host(:not([collapsed])) .brief { display: none; }
.fold { color: var(--ink-soft); flex: none; transition: rotate 0.2s; }
:host([collapsed]) .fold { rotate: 180deg; }
.this-tab { display: flex; align-items: baseline; gap: 8px; margin-inline-start: auto; white-space: nowrap; }
.token { color: var(--ink-soft); }
:host([floating]) .head { padding: 6px 16px 6px 6px; }
:host([floating]) .toggle { min-height: 36px; padding-inline: 10px; }
:host([floating][collapsed]) .head { padding: 3px 16px 3px 4px; }
:host([floating][collapsed]) .toggle { border-radius: 999px; }
:host([floating][collapsed]) .token { display: none; }
`;

const present = `
.present, .life { display: grid; gap: 8px; }
.life-bar { position: relative; height: 14px; border-radius: 999px; background: var(--sunken); overflow: hidden; }
.life-fill { position: absolute; inset: 0; background: var(--accent); border-radius: 999px; transform: translateX(calc((var(--left, 0) - 1) * 100%)); transition: transform 0.3s linear; }
/* Renewal happens between 50 % and 90 % of the lifetime, so with 50 % to 10 % of it left. */
.life-window { position: absolute; inset: 0 50% 0 10%; z-index: 1; background: repeating-linear-gradient(-55deg, rgb(255 255 255 / 24%) 0 3px, transparent 3px 8px); }
.life:not([data-state="good"]) .life-window { visibility: hidden; }
.life[data-state="unknown"] .life-fill { opacity: 0.35; }
.life[data-state="expired"] .life-left { color: var(--warm); }
.life-text { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 16px; font-size: 13px; }
.life-left { font-weight: 560; }
.situation { padding: 8px 12px; border-radius: 10px; background: var(--sunken); font-size: 13.5px; }
.panel[data-failing] .situation { background: var(--bad-soft); }
.situation:empty { display: none; }

.counters { display: grid; grid-template-columns: repeat(5, auto); justify-content: space-between; gap: 8px; border-block: 1px solid var(--line); padding-block: 14px; }
.counter { display: grid; grid-template-rows: 1fr auto auto; }
.counter dt { font-size: 13px; color: var(--ink-soft); line-height: 1.3; }
.counter-value { font-size: 26px; font-weight: 600; letter-spacing: -0.03em; line-height: 1.25; }
.counter-here { font-size: 12px; white-space: nowrap; }
@container (max-width: 480px) {
  .counter dt { font-size: 12px; }
  .counter-value { font-size: 20px; }
}
`;

const timeline = `
.timeline { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
.timeline-head { display: flex; align-items: center; justify-content: space-between; gap: 16px; }
h2 { font-size: 15px; font-weight: 620; letter-spacing: -0.01em; line-height: 1.3; }
.choice { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; border-radius: 10px; background: var(--sunken); padding: 3px; position: relative; }
.choice label { display: block; text-align: center; cursor: pointer; }
.choice input { position: absolute; opacity: 0; pointer-events: none; }
.choice span { display: block; padding: 3px 10px; border-radius: 8px; font-size: 13px; font-weight: 540; color: var(--ink-soft); white-space: nowrap; }
.choice input:checked + span { background: var(--surface); color: var(--ink); box-shadow: 0 1px 2px rgb(0 0 0 / 12%); }
.choice input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 2px; }

.lanes { overflow: hidden; min-height: 88px; }
.lanes svg { display: block; }
.lanes text { font-family: var(--sans); font-size: 11px; fill: var(--ink-soft); }
.tick { stroke: var(--line); }
.now { stroke: var(--line-strong); stroke-dasharray: 2 3; }
.lane-label circle { fill: var(--tone); }
.lanes .lane-name { font-size: 13px; font-weight: 620; fill: var(--tone); }
.lane-label[data-state="closed"], .lane-label[data-state="silent"] { opacity: 0.5; }
.thread { stroke: var(--tone); stroke-width: 3; stroke-linecap: butt; opacity: 0.35; }
.thread[data-state="expired"] { stroke-dasharray: 2 5; }
.arc { fill: none; stroke: var(--tone); stroke-width: 1.5; stroke-dasharray: 3 3; opacity: 0.8; }
.glyph circle { fill: var(--tone); stroke: var(--surface); stroke-width: 2; }
.glyph-icon { fill: none; color: var(--surface); stroke: currentcolor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
.glyph[data-state="handed"] circle { fill: var(--surface); stroke: var(--tone); stroke-width: 2.5; }
.glyph[data-state="under-way"] circle { fill: var(--surface); stroke: var(--tone); stroke-width: 2; stroke-dasharray: 3 2; }
.glyph[data-state="under-way"] .glyph-icon { color: var(--tone); }
.glyph[data-state="signed-out"] circle, .glyph[data-state="no-session"] circle { fill: var(--ink-soft); }
.glyph[data-state="failed"] circle { fill: var(--bad); }
.glyph[data-state="note"] circle, .glyph[data-state="step-up"] circle, .glyph[data-state="warning"] circle { fill: var(--warm-fill); }
.calls-bar { fill: var(--tone); opacity: 0.75; }
.calls[data-state="replayed"] .calls-bar { fill: var(--warm-fill); opacity: 1; }
.calls[data-state="failed"] .calls-bar { fill: var(--bad); opacity: 1; }
.lanes .calls-inside { fill: var(--surface); font-weight: 600; }
.calls-held { fill: var(--surface); stroke: var(--tone); stroke-width: 1.5; }

.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 12px; color: var(--ink-soft); }
.legend li { display: inline-flex; align-items: center; gap: 7px; }
.key { display: inline-block; width: 12px; height: 12px; border-radius: 50%; background: var(--ink-soft); }
.key-handed { background: none; border: 2px solid var(--ink-soft); }
.key-calls, .key-replayed { height: 7px; border-radius: 3px; }
.key-held { height: 8px; border-radius: 3px; background: none; border: 1.5px solid var(--ink-soft); }
.key-replayed { background: var(--warm-fill); }
.key-failed { background: var(--bad); }
`;

const log = `
.story { border-top: 1px solid var(--line); padding-top: 8px; }
.log { max-height: 22em; overflow-y: auto; margin-inline: -8px; padding: 4px 8px; scrollbar-width: thin; }
.empty { padding-block: 8px; font-size: 14px; }
:host([floating]) .log { max-height: none; }
.line { display: grid; grid-template-columns: auto auto 1fr; gap: 12px; align-items: baseline; padding-block: 5px; font-size: 14px; overflow-wrap: anywhere; }
.line time { color: var(--ink-soft); font-size: 13px; }
.line-icon { align-self: center; display: grid; color: var(--ink-soft); }
.line[data-tone="good"] .line-icon { color: var(--accent); }
.line[data-tone="warm"] .line-icon { color: var(--warm); }
.line[data-tone="bad"] .line-icon { color: var(--bad); }
.line-detail { color: var(--ink-soft); }
.line[data-tone="warm"] .line-detail { color: var(--warm); }
.line[data-tone="bad"] .line-detail { color: var(--bad); }
@container (max-width: 480px) {
  .line { grid-template-columns: auto 1fr; gap: 9px; font-size: 13px; }
  .line time { display: none; }
}
`;
