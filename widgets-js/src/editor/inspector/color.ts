/** Colors as effects store them, and the wheel that tints by them. Pure. */

export interface Rgba {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  /** 0 to 255. */
  readonly a: number;
}

/** The channels of `#rrggbb` or `#rrggbbaa`. */
export function rgbaOf(text: string): Rgba {
  const digits = text.replace("#", "").padEnd(8, "f");
  const [r = 0, g = 0, b = 0, a = 255] = [0, 2, 4, 6].map((at) =>
    Number.parseInt(digits.slice(at, at + 2), 16),
  );
  return { r, g, b, a };
}

const hex = (value: number) =>
  Math.round(Math.min(255, Math.max(0, value)))
    .toString(16)
    .padStart(2, "0");

/** `#rrggbb`, and `aa` where it is not opaque. */
export function colorText({ r, g, b, a }: Rgba): string {
  return `#${hex(r)}${hex(g)}${hex(b)}${Math.round(a) < 255 ? hex(a) : ""}`;
}

/** Where a tint lies on the wheel: red to the right, then clockwise; and its level. */
export interface Tint {
  /** -1 to 1, of the wheel's radius. */
  readonly x: number;
  readonly y: number;
  /** -1 to 1; 0 is neutral. */
  readonly level: number;
}

const NEUTRAL = 128;
/** The tint at the wheel's edge, in steps of 255. */
const REACH = 72;
const SIX = Math.sqrt(6);
const TWO = Math.sqrt(2);

export function tintOf(text: string): Tint {
  const { r, g, b } = rgbaOf(text);
  const level = (r + g + b) / 3 - NEUTRAL;
  return {
    x: (2 * r - g - b) / SIX / REACH,
    y: (g - b) / TWO / REACH,
    level: level / (NEUTRAL - 1),
  };
}

/** The color of a tint; within the wheel. */
export function tintText({ x, y, level }: Tint): string {
  const away = Math.hypot(x, y);
  const scale = (away > 1 ? 1 / away : 1) * REACH;
  const [u, v] = [x * scale, y * scale];
  const base = NEUTRAL + Math.min(1, Math.max(-1, level)) * (NEUTRAL - 1);
  return colorText({
    r: base + (2 * u) / SIX,
    g: base - u / SIX + v / TWO,
    b: base - u / SIX - v / TWO,
    a: 255,
  });
}
