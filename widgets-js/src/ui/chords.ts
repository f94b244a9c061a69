/** Chords of keys: `Mod+Shift+Z`, where `Mod` is Cmd on a Mac and Ctrl elsewhere. */

import { leftToRight } from "../i18n";

const MODIFIERS = ["Mod", "Ctrl", "Meta", "Alt", "Shift"] as const;
const NAMED: Readonly<Record<string, string>> = { " ": "Space", Esc: "Escape" };
/** What the keys of a US keyboard write without Shift, by their place. */
const PLACES: Readonly<Record<string, string>> = {
  Backquote: "`",
  Minus: "-",
  Equal: "=",
  BracketLeft: "[",
  BracketRight: "]",
  Backslash: "\\",
  Semicolon: ";",
  Quote: "'",
  Comma: ",",
  Period: ".",
  Slash: "/",
};
const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Delete: "Del",
  Escape: "Esc",
};
const MAC: Readonly<Record<string, string>> = {
  Mod: "⌘",
  Ctrl: "⌃",
  Alt: "⌥",
  Shift: "⇧",
  Backspace: "⌫",
  Delete: "⌦",
  Enter: "↩",
};
const MAC_ORDER = ["Ctrl", "Alt", "Shift", "Mod"];

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform || navigator.userAgent);
}

type KeyPress = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey"
>;

/**
 * The chords that a key press may mean, the likeliest first: by what the key writes,
 * then by its place on a US keyboard, for letters that are not Latin, Option on a Mac,
 * and symbols that need Shift.
 */
export function chordsOfEvent(event: KeyPress): readonly string[] {
  const { key, code } = event;
  if (["Control", "Shift", "Alt", "Meta", "Dead", "Process"].includes(key)) {
    if (key !== "Dead") return [];
  }
  const placed = /^Key([A-Z])$/.exec(code)?.[1] ?? /^Digit(\d)$/.exec(code)?.[1];
  const place = placed ?? PLACES[code];
  const isLetter = /^[a-z]$/i.test(key);
  // A symbol that takes Shift is named by itself: `?`, not Shift and something.
  const isSymbol = key.length === 1 && key !== " " && !isLetter && !/^\d$/.test(key);
  const name = NAMED[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const found = key === "Dead" ? [] : [chord(event, name, event.shiftKey && !isSymbol)];
  if (place && place !== name) found.push(chord(event, place, event.shiftKey));
  return found;
}

function chord(event: KeyPress, name: string, hasShift: boolean): string {
  const mac = isMac();
  const held: Readonly<Record<string, boolean>> = {
    Mod: mac ? event.metaKey : event.ctrlKey,
    Ctrl: mac && event.ctrlKey,
    Meta: !mac && event.metaKey,
    Alt: event.altKey,
    Shift: hasShift,
  };
  return [...MODIFIERS.filter((modifier) => held[modifier]), name].join("+");
}

/** A chord in parts: modifiers, then the key, which may itself be `+`. */
export function partsOf(text: string): readonly string[] {
  return text.endsWith("+")
    ? [...text.slice(0, -1).split("+").filter(Boolean), "+"]
    : text.split("+");
}

/** Chords as a person reads them: "Ctrl+Shift+Z", on a Mac "⇧⌘Z". */
export function chordsText(chords: readonly string[]): string {
  // A bracket would be mirrored, and what follows a plus stand before it.
  return chords.map(chordText).map(leftToRight).join(", ");
}

function chordText(text: string): string {
  const parts = partsOf(text);
  const key = parts.at(-1) ?? "";
  const modifiers = parts.slice(0, -1);
  if (!isMac()) {
    const names = modifiers.map((name) => (name === "Mod" ? "Ctrl" : name));
    return [...names, SHOWN[key] ?? key].join("+");
  }
  const sorted = MAC_ORDER.filter((name) => modifiers.includes(name));
  return [...sorted.map((name) => MAC[name]), MAC[key] ?? SHOWN[key] ?? key].join("");
}

/** Chords as `aria-keyshortcuts` takes them. */
export function ariaChords(chords: readonly string[]): string {
  const mod = isMac() ? "Meta" : "Control";
  const name = (part: string) =>
    part === "Mod" ? mod : part === "Ctrl" ? "Control" : part === "+" ? "Plus" : part;
  return chords.map((text) => partsOf(text).map(name).join("+")).join(" ");
}
