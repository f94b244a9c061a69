import { describe, expect, it } from "vitest";
import { numberIn, secondsIn, shortTime } from "./expression";

const RATE = { num: 25, den: 1 };

describe("numbers as people type them", () => {
  it.each([
    ["1920/2", 960],
    ["1,5", 1.5],
    ["-3 + 2 * 4", 5],
    ["(1+2)*3", 9],
    ["50 %", 50],
    ["−6 dB", -6],
    [".5", 0.5],
    ["2--1", 3],
  ])("reads %s", (text, value) => {
    expect(numberIn(text)).toBeCloseTo(value, 12);
  });

  it.each(["", "abc", "1/0", "1 2", "(1", "1+", "0x10", "1e3e"])(
    "refuses %s",
    (text) => {
      expect(numberIn(text)).toBeUndefined();
    },
  );

  it("counts from what is there", () => {
    expect(numberIn("+=10", 32)).toBe(42);
    expect(numberIn("*=2", 21)).toBe(42);
    expect(numberIn("-=8", 50)).toBe(42);
  });
});

describe("times as people type them", () => {
  it.each([
    ["12f", 0.48],
    ["1.5s", 1.5],
    ["2:12", 2.48],
    ["1:00:00", 60],
    ["01:00:00:05", 3600.2],
    ["3", 3],
  ])("reads %s", (text, value) => {
    expect(secondsIn(text, RATE)).toBeCloseTo(value, 12);
  });

  it("refuses what is no time, and counts from what is there", () => {
    expect(secondsIn("1:2:3:4:5", RATE)).toBeUndefined();
    expect(secondsIn("a:b", RATE)).toBeUndefined();
    expect(secondsIn("+=5f", RATE, 1)).toBeCloseTo(1.2, 12);
  });

  it("shows minutes, seconds and frames", () => {
    expect(shortTime(62.48, RATE)).toBe("1:02:12");
    expect(shortTime(3661, RATE)).toBe("1:01:01:00");
  });
});
