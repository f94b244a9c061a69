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

/** The edges, thirds, center and safe areas of a picture, and the boxes of others. */
export function snapLines(
  width: number,
  height: number,
  others: readonly (readonly [number, number, number, number])[],
): Lines {
  const shares = [0, ACTION, TITLE, 1 / 3, 1 / 2, 2 / 3, 1 - TITLE, 1 - ACTION, 1];
  const across = others.flatMap(([left, , right]) => [left, (left + right) / 2, right]);
  const down = others.flatMap(([, top, , bottom]) => [top, (top + bottom) / 2, bottom]);
  return {
    x: [...shares.map((share) => share * width), ...across],
    y: [...shares.map((share) => share * height), ...down],
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
