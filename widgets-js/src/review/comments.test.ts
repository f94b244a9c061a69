import { describe, expect, it } from "vitest";
import { rangeOf } from "./comments";

describe("the range of a comment", () => {
  it("is a moment where none was begun", () => {
    expect(rangeOf(undefined, 2)).toEqual({ atS: 2, durationS: 0 });
  });
  it("goes either way from where it was begun", () => {
    expect(rangeOf(1, 3)).toEqual({ atS: 1, durationS: 2 });
    expect(rangeOf(3, 1)).toEqual({ atS: 1, durationS: 2 });
  });
});
