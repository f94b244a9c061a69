import { describe, expect, it } from "vitest";
import { parseTimecode } from "./timecodeText";

const PAL = { num: 25, den: 1 };
const NTSC = { num: 30000, den: 1001 };

describe("typed timecode", () => {
  it("is read with colons, or by pairs of digits from the right", () => {
    expect(parseTimecode("00:01:02:05", PAL)).toBeCloseTo(62.2);
    expect(parseTimecode("1:2:5", PAL)).toBeCloseTo(62.2);
    expect(parseTimecode("1205", PAL)).toBeCloseTo(12.2);
    expect(parseTimecode("7", PAL)).toBeCloseTo(0.28);
    expect(parseTimecode("100000000", PAL)).toBe(360_000);
    // 30 numbers a second of 1001/1000 s.
    expect(parseTimecode("00:00:10:00", NTSC)).toBeCloseTo(10.01);
  });

  it("counts from the playhead with a sign, and never before the start", () => {
    expect(parseTimecode("+10", PAL, 2)).toBeCloseTo(2.4);
    expect(parseTimecode("-1:00", PAL, 2)).toBeCloseTo(1);
    expect(parseTimecode("-9:00", PAL, 2)).toBe(0);
  });

  it("refuses other text", () => {
    for (const text of ["", "abc", "1:2:3:4:5", "1:", "--3", "1h"]) {
      expect(parseTimecode(text, PAL)).toBeUndefined();
    }
  });
});
