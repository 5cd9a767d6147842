/** Numbers and names as words, for panels and for Python. Pure. */

/** What a card says of its music: "118 BPM · C major · 32 bars". */
export function musicWords(piece: {
  readonly tempo: number;
  readonly key: string;
  readonly bars: number;
}): string {
  const tempo = `${Math.round(piece.tempo * 10) / 10} BPM`;
  const bars = piece.bars === 0 ? "empty" : counted(piece.bars, "bar");
  return [tempo, piece.key, bars].filter((words) => words !== "").join(" · ");
}

/** "1 bar", "2 bars". */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

const STEPS: readonly (readonly [number, number, string])[] = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [7 * 86_400, 86_400, "day"],
  [30 * 86_400, 7 * 86_400, "week"],
  [365 * 86_400, 30 * 86_400, "month"],
  [Infinity, 365 * 86_400, "year"],
];

/** "just now", "3 hours ago", "in 2 days". */
export function ago(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1000;
  const apart = Math.abs(seconds);
  if (Number.isNaN(seconds)) return "";
  if (apart < 45) return "just now";
  const [, size, noun] = STEPS.find(([below]) => apart < below) ?? [0, 1, "second"];
  const words = counted(Math.max(1, Math.floor(apart / size)), noun);
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

/** Sentences one after the other, each with its full stop. */
export function sentences(...parts: readonly string[]): string {
  const said = parts.map((part) => part.trim()).filter((part) => part !== "");
  return said.map((part) => (/[.!?…:]$/.test(part) ? part : `${part}.`)).join(" ");
}

const SIZES = ["bytes", "KB", "MB", "GB", "TB"];

/** "3 bytes", "4.2 MB": in steps of 1000, as the limits are. */
export function sizeWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${SIZES[power]}`;
}

/** "0.4 s", "2:05". */
export function lengthWords(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** The letter on a card's colour. */
export function initial(name: string): string {
  const [first = "♪"] = name.trim();
  return first.toUpperCase();
}

/** Whether black or white is read better on a colour `#rrggbb`. */
export function inkOn(color: string): "#000" | "#fff" {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => (Number.parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#000" : "#fff";
}

/** A text as Python writes it; what stands in it is never code. */
export function pythonText(text: string): string {
  return JSON.stringify(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return `\\U${code.toString(16).padStart(8, "0")}`;
  });
}

/** A text as a comment of one line behind code. */
export function pythonComment(text: string): string {
  return `# ${text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim()}`;
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const plain = name.replace(/[\p{C}\p{Zl}\p{Zp}\\/:*?"<>|]+/gu, " ").replace(/\s+/g, " ");
  const cut = [...plain.replace(/^[. ]+/, "")].slice(0, 60).join("").trim();
  return cut === "" ? "Song" : cut;
}
