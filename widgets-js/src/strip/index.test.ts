// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { StripView } from "../protocol";
import { render, type StripModel } from "./index";

const VIEW: StripView = {
  name: "walk",
  rateNum: 25,
  rateDen: 1,
  durationS: 4,
  tracks: [
    {
      name: "V1",
      kind: "video",
      enabled: true,
      types: "ctc",
      names: ["a", "dissolve", "<img src=x onerror=alert(1)>"],
      startsS: [0, 1.5, 2],
      endsS: [2, 2.5, 4],
    },
  ],
};

class FakeModel implements StripModel {
  values = { view: VIEW, playhead: 0 };
  listeners = new Map<string, Set<() => void>>();
  saved = 0;
  get(name: "view"): StripView;
  get(name: "playhead"): number;
  get(name: "view" | "playhead"): StripView | number {
    return this.values[name];
  }
  set(name: "playhead", value: number): void {
    this.values[name] = value;
  }
  save_changes(): void {
    this.saved += 1;
  }
  on(event: string, listener: () => void): void {
    const known = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, known.add(listener));
  }
  off(event: string, listener: () => void): void {
    this.listeners.get(event)?.delete(listener);
  }
  count(): number {
    return [...this.listeners.values()].reduce((sum, known) => sum + known.size, 0);
  }
}

describe("strip", () => {
  let model: FakeModel;
  let el: HTMLElement;
  let cleanup: () => void;
  let canvas: HTMLCanvasElement;

  beforeEach(() => {
    vi.stubGlobal("requestAnimationFrame", (work: () => void) => {
      work();
      return 0;
    });
    model = new FakeModel();
    el = document.createElement("div");
    document.body.append(el);
    cleanup = render({ model, el });
    canvas = el.querySelector("canvas") as HTMLCanvasElement;
  });

  const key = (name: string, shiftKey = false) =>
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: name, shiftKey }));

  it("is a slider that keys move by frames and seconds", () => {
    expect(canvas.getAttribute("role")).toBe("slider");
    key("ArrowRight");
    expect(model.values.playhead).toBe(0.04);
    key("ArrowRight", true);
    expect(model.values.playhead).toBe(1.04);
    key("End");
    expect(model.values.playhead).toBe(3.96);
    key("ArrowRight");
    expect(model.values.playhead).toBe(3.96);
    key("Home");
    expect(model.values.playhead).toBe(0);
    expect(model.saved).toBe(4);
  });

  it("puts no name into the page as markup", () => {
    expect(el.innerHTML).not.toContain("<img");
  });

  it("leaves nothing behind", () => {
    expect(model.count()).toBe(2);
    cleanup();
    expect(model.count()).toBe(0);
    expect(el.children).toHaveLength(0);
  });
});
