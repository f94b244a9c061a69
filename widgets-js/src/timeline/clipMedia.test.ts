import { describe, expect, it } from "vitest";
import { drawFilmstrip } from "./clipMedia";
import type { Ghost } from "./dragState";
import type { Track } from "./model";
import type { Painter } from "./scene";

/** How many pictures a clip of a width asks for, in a row of 60 px. */
function asked(widthPx: number): number {
  let count = 0;
  const painter = {
    scene: {
      timeline: { media: [{ hasPictures: true }] },
      thumbnails: "all",
      scale: { originS: 0, pxPerS: 100 },
      width: 800,
    },
    pictures: { thumb: () => void ++count },
  } as unknown as Painter;
  const track = { media: () => 0, ramp: () => undefined, rate: () => 1 };
  const ghost = { item: 0, mediaStartS: 0 } as unknown as Ghost;
  const rect = { left: 0, top: 0, width: widthPx, height: 60 };
  drawFilmstrip(painter, track as unknown as Track, ghost, rect);
  return count;
}

describe("the pictures on a clip", () => {
  it("are there on one that is narrower than they are, and not on a sliver", () => {
    // One is 45 px high and, of 16 by 9, 80 px wide: on a grid of 128 px here.
    expect(asked(300)).toBe(3);
    expect(asked(30)).toBe(1);
    expect(asked(10)).toBe(0);
  });
});
