const NAMES = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan", "Willow"];
const HUES = [250, 150, 45, 330, 210, 100, 290, 15];

/** The name of a slot; empty until the tab has a slot. */
export function nameOf(slot: number | null): string {
  if (slot === null) return "…";
  const round = Math.floor(slot / NAMES.length);
  return NAMES[slot % NAMES.length] + (round === 0 ? "" : ` ${round + 1}`);
}

/** The CSS class that sets `--tone` for a slot. */
export function toneOf(slot: number | null): string {
  return `tone-${(slot ?? 0) % HUES.length}`;
}

/** The colour of a slot in CSS, visible on light and on dark. */
export function colorOf(slot: number): string {
  return `oklch(60% 0.13 ${HUES[slot % HUES.length]})`;
}

/** The rules for the classes of {@link toneOf}. */
export const tones = HUES.map(
  (hue, slot) => `.tone-${slot} { --tone: light-dark(oklch(52% 0.13 ${hue}), oklch(74% 0.115 ${hue})); }`,
).join("\n");
