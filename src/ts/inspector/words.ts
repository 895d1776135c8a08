/** 272000 → "4:32"; never below zero. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${pad(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

/** 272000 → "4 minutes 32 seconds", for screen readers. */
export function spoken(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts = [plural(Math.floor(seconds / 60), "minute"), plural(seconds % 60, "second")];
  return parts.filter((part) => !part.startsWith("0 ")).join(" ") || "no time";
}

/** 18 → "18 ms", 1840 → "1.8 s". */
export function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** 40 → "40 s", 150 → "2.5 min". */
export function ago(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : `${+(seconds / 60).toFixed(1)} min`;
}

/** The time of day, to the second. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(":");
}

/** "1 call", "3 calls". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
