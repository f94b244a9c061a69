import { describe, expect, it } from "vitest";
import { doublesOf, rowsOf } from "./buffers";

/** Bytes that begin at an odd place of a larger buffer, as messages bring them. */
function shifted(bytes: readonly number[]): DataView {
  const whole = new Uint8Array([9, 9, 9, ...bytes]);
  return new DataView(whole.buffer, 3, bytes.length);
}

describe("buffers", () => {
  it("are read from any byte on", () => {
    // 1.5 and -2 as little-endian IEEE 754 doubles.
    const data = shifted([0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0]);
    expect([...doublesOf(data)]).toEqual([1.5, -2]);
  });

  it("give rows by the names and types of their columns", () => {
    const layout = {
      bytes: 8,
      columns: {
        row: { offset: 0, type: "int32" },
        score: { offset: 4, type: "float32" },
      },
    } as const;
    const data = shifted([
      0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0x3f, 7, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect(rowsOf(data, layout)).toEqual([
      { row: -1, score: 0.5 },
      { row: 7, score: 0 },
    ]);
  });
});
