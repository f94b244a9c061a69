// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Stall } from "./stall";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A video at a second, watched each 250 ms, and what the watch does. */
function watched() {
  const video = document.createElement("video");
  let now = 0;
  Object.defineProperty(video, "currentTime", { get: () => now });
  const events: string[] = [];
  const stall = new Stall(video, {
    waiting: (isWaiting) => events.push(isWaiting ? "waits" : "goes on"),
    resume: () => events.push("resume"),
    reopen: () => events.push("reopen"),
  });
  const timer = setInterval(() => stall.check(), 250);
  const pass = (ms: number, moving = false) => {
    for (let passed = 0; passed < ms; passed += 250) {
      if (moving) now += 0.25;
      vi.advanceTimersByTime(250);
    }
  };
  stall.begin();
  return { stall, events, pass, end: () => clearInterval(timer) };
}

describe("a stall", () => {
  it("is none while the video moves, nor in the first half second", () => {
    const { events, pass, end } = watched();
    pass(2000, true);
    pass(250);
    expect(events).toEqual([]);
    end();
  });

  it("is said and ended within a second", () => {
    const { events, pass, end } = watched();
    pass(1000, true);
    pass(500);
    expect(events).toEqual(["waits", "resume"]);
    pass(250, true);
    expect(events).toEqual(["waits", "resume", "goes on"]);
    end();
  });

  it("fetches anew where nothing comes, less often each time", () => {
    const { events, pass, end } = watched();
    pass(4000);
    expect(events.filter((event) => event === "reopen").length).toBe(1);
    pass(4000);
    expect(events.filter((event) => event === "reopen").length).toBe(2);
    pass(7750);
    expect(events.filter((event) => event === "reopen").length).toBe(2);
    end();
  });

  it("waits for a kernel that still sends", () => {
    const { stall, events, pass, end } = watched();
    for (let n = 0; n < 5; n++) {
      pass(3000);
      stall.onData();
    }
    expect(events).not.toContain("reopen");
    expect(events[0]).toBe("waits");
    end();
  });

  it("ends with playback", () => {
    const { stall, events, pass, end } = watched();
    pass(1000);
    stall.end();
    expect(events.at(-1)).toBe("goes on");
    const count = events.length;
    pass(9000);
    expect(events.length).toBe(count);
    end();
  });
});
