/** Rulers along the picture, and the guides that are pulled out of them. Pure. */

import type { Point } from "./geometry";
import type { Lines } from "./snap";

export type Axis = "x" | "y";

/** One of one's own guides: a place of x is a vertical line. */
export interface GuidePlace {
  readonly axis: Axis;
  readonly number: number;
}

export interface Tick {
  readonly at: number;
  readonly isLabeled: boolean;
}

/** How wide a ruler is, in pixels of the page. */
export const RULER_CSS = 18;
const LABEL_CSS = 56;
const PARTS = 5;

/** The pixels of the picture from one labeled tick to the next: 1, 2 or 5 times ten. */
export function stepOf(scale: number): number {
  const least = LABEL_CSS / scale;
  const power = 10 ** Math.floor(Math.log10(least));
  const found = [1, 2, 5, 10].find((times) => times * power >= least) ?? 10;
  return Math.max(PARTS, found * power);
}

/** The ticks of a side; labels and four ticks between them. */
export function ticksOf(lengthPx: number, scale: number): readonly Tick[] {
  const part = stepOf(scale) / PARTS;
  const count = Math.floor(lengthPx / part);
  return Array.from({ length: count + 1 }, (_, n) => ({
    at: n * part,
    isLabeled: n % PARTS === 0,
  }));
}

/** Which guides are pulled out of a ruler at a place of the page, if one is there. */
export function rulerAt([x, y]: Point): Axis | undefined {
  if (y >= 0 && y < RULER_CSS) return "y";
  return x >= 0 && x < RULER_CSS ? "x" : undefined;
}

/** The guide within reach of a point of the picture. */
export function guideAt(
  guides: Lines,
  [x, y]: Point,
  reachPx: number,
): GuidePlace | undefined {
  const near = (places: readonly number[], at: number) =>
    places.findIndex((place) => Math.abs(place - at) <= reachPx);
  const [across, down] = [near(guides.x, x), near(guides.y, y)];
  if (across >= 0) return { axis: "x", number: across };
  return down >= 0 ? { axis: "y", number: down } : undefined;
}

/** The guides once one lies at another place, a whole pixel. */
export function withGuide(guides: Lines, { axis, number }: GuidePlace, at: number) {
  const places = [...guides[axis]];
  places[number] = Math.round(at);
  return { ...guides, [axis]: places } as Lines;
}

export function withoutGuide(guides: Lines, { axis, number }: GuidePlace): Lines {
  return { ...guides, [axis]: guides[axis].filter((_, n) => n !== number) };
}
