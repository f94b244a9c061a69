import { describe, expect, it } from "vitest";
import { frameAt, frameTime, timecode } from "./time";

const PAL = { num: 25, den: 1 };
const NTSC = { num: 30000, den: 1001 };

describe("time", () => {
  it("reads back every frame from the second at which it begins", () => {
    for (const rate of [PAL, NTSC]) {
      for (let frame = 0; frame < 200_000; frame += 37) {
        expect(frameAt(frameTime(frame, rate), rate)).toBe(frame);
      }
    }
  });

  it("prints timecode", () => {
    expect(timecode(0, PAL)).toBe("00:00:00:00");
    expect(timecode(3661.48, PAL)).toBe("01:01:01:12");
    expect(timecode(frameTime(1800, NTSC), NTSC)).toBe("00:01:00:00");
    expect(timecode(-1, PAL)).toBe("00:00:00:00");
  });
});
