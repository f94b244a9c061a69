/** How tall the rows of tracks are, and where each begins. Pure. */

export const GAP_PX = 2;
/** Between the tracks with pictures and those with sound. */
export const DIVIDER_PX = 8;
export const HEIGHTS = {
  small: { video: 28, audio: 28, subtitle: 24 },
  medium: { video: 58, audio: 46, subtitle: 28 },
  large: { video: 110, audio: 92, subtitle: 44 },
} as const;
export type HeightPreset = keyof typeof HEIGHTS;

/** What a row needs to know of its track. */
interface Row {
  readonly type: keyof (typeof HEIGHTS)["medium"];
  readonly heightPx: number;
}

export const MIN_HEIGHT_PX = 24;
export const MAX_HEIGHT_PX = 240;

export function withinHeights(px: number): number {
  return Math.round(Math.min(MAX_HEIGHT_PX, Math.max(MIN_HEIGHT_PX, px)));
}

export function rowHeight(track: Row): number {
  return track.heightPx;
}

/** The top of each row, and last the bottom of all. */
export function rowTops(tracks: readonly Row[]): number[] {
  const tops: number[] = [];
  let top = 0;
  for (const [row, track] of tracks.entries()) {
    const before = tracks[row - 1];
    if (before && isSound(before) !== isSound(track)) top += DIVIDER_PX;
    tops.push(top);
    top += rowHeight(track) + GAP_PX;
  }
  return [...tops, top];
}

function isSound(track: Row): boolean {
  return track.type === "audio";
}

/** The row at a height below the ruler, or -1; a divider belongs to the row over it. */
export function rowAt(tops: readonly number[], y: number): number {
  for (let row = 0; row + 1 < tops.length; row++) {
    if (y >= (tops[row] ?? 0) && y < (tops[row + 1] ?? 0)) return row;
  }
  return -1;
}
