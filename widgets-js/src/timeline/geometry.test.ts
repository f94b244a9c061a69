import { describe, expect, it } from "vitest";
import { timeline, track } from "./fixtures";
import {
  fitted,
  pan,
  RULER_PX,
  rowAt,
  rowTops,
  tickStep,
  toPx,
  toSeconds,
  zoom,
} from "./geometry";
import { hit } from "./hit";

const PAL = { num: 25, den: 1 };
const NTSC = { num: 30000, den: 1001 };

describe("geometry", () => {
  it("keeps the time under the pointer while zooming", () => {
    let scale = fitted(600, 1000);
    scale = pan(zoom(scale, 8, 500, 0), 300, 600, 1000);
    for (const factor of [1.3, 7, 0.4]) {
      const under = toSeconds(scale, 321);
      scale = zoom(scale, factor, 321, 0);
      expect(toSeconds(scale, 321)).toBeCloseTo(under, 9);
    }
  });

  it("never scrolls before the start nor out of sight", () => {
    const scale = zoom(fitted(100, 1000), 4, 0, 0);
    expect(pan(scale, -9999, 100, 1000).originS).toBe(0);
    const last = pan(scale, 1e9, 100, 1000);
    expect(toPx(last, 100)).toBeCloseTo(500);
  });

  it("marks whole frames and whole seconds of timecode", () => {
    for (const rate of [PAL, NTSC]) {
      const nominal = Math.ceil(rate.num / rate.den);
      for (let pxPerS = 0.01; pxPerS < 2400; pxPerS *= 1.7) {
        const step = tickStep({ originS: 0, pxPerS }, rate);
        const frames = (step * rate.num) / rate.den;
        expect(step * pxPerS).toBeGreaterThanOrEqual(96);
        if (step < 3600)
          expect(Math.abs(frames - Math.round(frames))).toBeLessThan(1e-6);
        const rest = Math.min(frames % nominal, nominal % frames);
        if (step < 3600) expect(Math.min(rest, 1 - (rest % 1))).toBeLessThan(1e-6);
      }
    }
  });

  it("knows rows by their heights", () => {
    const tops = rowTops([track("V1", []), track("A1", [], "audio")]);
    // 58 and a gap of 2; a divider of 8 comes before the sound, which is 46 tall.
    expect(tops).toEqual([0, 68, 116]);
    expect([0, 67, 68, 115, 116, -1].map((y) => rowAt(tops, y))).toEqual([
      0, 0, 1, 1, -1, -1,
    ]);
  });

  it("distinguishes heads, bodies, tails and transitions", () => {
    const whole = timeline(
      track("V1", [
        [0, 4],
        [3.5, 4.5, 1],
        [4, 7],
      ]),
    );
    const scale = { originS: 0, pxPerS: 100 };
    const at = (x: number) => {
      const found = hit(whole, scale, rowTops(whole.tracks), 0, x, RULER_PX + 30);
      return [found.zone, found.item];
    };
    expect(at(3)).toEqual(["head", 0]);
    expect(at(200)).toEqual(["body", 0]);
    const zones = [352, 370, 400, 448].map(at);
    expect(zones).toEqual([
      ["transitionHead", 1],
      ["transition", 1],
      ["transition", 1],
      ["transitionTail", 1],
    ]);
    // Below the transition, and with the tools for cuts, the cut is taken.
    const low = (x: number) => {
      const y = RULER_PX + 50;
      return hit(whole, scale, rowTops(whole.tracks), 0, x, y).zone;
    };
    expect([397, 403].map(low)).toEqual(["tail", "head"]);
    const options = { tool: "roll" } as const;
    const tops = rowTops(whole.tracks);
    const rolled = hit(whole, scale, tops, 0, 397, RULER_PX + 30, options);
    expect(rolled.zone).toBe("tail");
    expect(at(698)).toEqual(["tail", 2]);
    expect(at(900)).toEqual(["empty", -1]);
    expect(hit(whole, scale, rowTops(whole.tracks), 0, 5, 3).zone).toBe("ruler");
  });

  it("leaves a body on a narrow clip", () => {
    const whole = timeline(track("V1", [[0, 0.1]]));
    const scale = { originS: 0, pxPerS: 100 };
    const zones = [1, 5, 9].map(
      (x) => hit(whole, scale, rowTops(whole.tracks), 0, x, RULER_PX + 30).zone,
    );
    expect(zones).toEqual(["head", "body", "tail"]);
  });
});
