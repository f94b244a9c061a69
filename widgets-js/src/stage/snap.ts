/** Snap what is moved to lines of the picture and to other layers. Pure. */

import type { Point } from "./geometry";

export interface Lines {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** How far to move, and the lines that it then lies on. */
export interface Snapped {
  readonly dx: number;
  readonly dy: number;
  readonly x: number | undefined;
  readonly y: number | undefined;
}

// Shares of a side, as the safe areas that the player shows (EBU R 95: 3.5 and 5 %).
const ACTION = 0.035;
const TITLE = 0.05;

/** The edges, thirds, center and safe areas of a picture, guides, and boxes of others. */
export function snapLines(
  width: number,
  height: number,
  others: readonly (readonly [number, number, number, number])[],
  guides: Lines = { x: [], y: [] },
): Lines {
  const shares = [0, ACTION, TITLE, 1 / 3, 1 / 2, 2 / 3, 1 - TITLE, 1 - ACTION, 1];
  const across = others.flatMap(([left, , right]) => [left, (left + right) / 2, right]);
  const down = others.flatMap(([, top, , bottom]) => [top, (top + bottom) / 2, bottom]);
  return {
    x: [...shares.map((share) => share * width), ...across, ...guides.x],
    y: [...shares.map((share) => share * height), ...down, ...guides.y],
  };
}

/** Snap one of some points of a moved thing to the nearest line within reach. */
export function snap(lines: Lines, points: readonly Point[], reachPx: number): Snapped {
  const across = nearest(
    lines.x,
    points.map(([x]) => x),
    reachPx,
  );
  const down = nearest(
    lines.y,
    points.map(([, y]) => y),
    reachPx,
  );
  return { dx: across?.by ?? 0, dy: down?.by ?? 0, x: across?.line, y: down?.line };
}

/** A factor at which corners lie on lines, and the lines. */
export interface SnappedScale {
  readonly factor: number;
  readonly x: number | undefined;
  readonly y: number | undefined;
}

// Both axes meet a line at once where the shape is that of the picture.
const SAME_PX = 0.01;

/** Change a factor by so little that a corner comes to lie on the nearest line. */
export function snapScale(
  lines: Lines,
  corners: readonly Point[],
  about: Point,
  factor: number,
  reachPx: number,
): SnappedScale {
  let best = { factor, away: reachPx };
  for (const axis of [0, 1] as const) {
    for (const corner of corners) {
      const way = corner[axis] - about[axis];
      const at = about[axis] + way * factor;
      for (const line of axis ? lines.y : lines.x) {
        const away = Math.abs(line - at);
        const found = way && (line - about[axis]) / way;
        if (found > 0 && away <= best.away) best = { factor: found, away };
      }
    }
  }
  const on = (axis: 0 | 1): number | undefined => {
    const places = corners.map(
      (corner) => about[axis] + (corner[axis] - about[axis]) * best.factor,
    );
    // What does not move with the factor lies where it lay.
    const moving = places.filter((at) => Math.abs(at - about[axis]) > SAME_PX);
    const near = (line: number) => moving.some((at) => Math.abs(at - line) < SAME_PX);
    return reachPx < 0 ? undefined : (axis ? lines.y : lines.x).find(near);
  };
  return { factor: best.factor, x: on(0), y: on(1) };
}

function nearest(
  lines: readonly number[],
  places: readonly number[],
  reachPx: number,
): { readonly by: number; readonly line: number } | undefined {
  let best: { readonly by: number; readonly line: number } | undefined;
  for (const line of lines) {
    for (const place of places) {
      const by = line - place;
      if (Math.abs(by) <= reachPx && (!best || Math.abs(by) < Math.abs(best.by)))
        best = { by, line };
    }
  }
  return best;
}
