// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel } from "../channel";
import { Playhead } from "../playhead";
import { FakeMediaSource } from "../test/mediaSource";
import { FakeModel } from "../test/model";
import { Engine } from "./engine";
import { EMPTY_SOURCE } from "./source";

const JPEG = new DataView(new ArrayBuffer(4));

/** An engine of 100 frames at 25 frames a second, and what it shows. */
async function makeEngine(traits: Record<string, unknown> = {}) {
  const model = new FakeModel({ playhead: 0, playing: false, ...traits });
  const channel = new Channel(model);
  const playhead = new Playhead(model);
  const shown: number[] = [];
  const problems: string[] = [];
  const engine = new Engine(channel, model, playhead, {
    show: ({ number }) => shown.push(number),
    changed: () => undefined,
    problem: (problem) => problems.push(problem),
    waiting: () => undefined,
    screen: () => [320, 180],
  });
  engine.video.play = () => Promise.resolve();
  engine.video.pause = () => undefined;
  const setSource = (version: number, frames = 100) =>
    model.answer({
      ...EMPTY_SOURCE.view,
      version,
      frames,
      durationS: frames / 25,
      width: 640,
    });
  const frame = async (number: number, { version = 1, widthPx = 0 } = {}) => {
    model.answer({ kind: "frame", version, number, widthPx, problem: "" }, [JPEG]);
    await vi.advanceTimersByTimeAsync(0);
  };
  setSource(1);
  return { model, engine, playhead, shown, problems, setSource, frame };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeMediaSource.made = [];
  vi.stubGlobal("createImageBitmap", async () => ({
    width: 320,
    height: 180,
    close: () => undefined,
  }));
  URL.createObjectURL = () => "blob:stream";
  URL.revokeObjectURL = () => undefined;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("an engine", () => {
  it("shows the frame at the playhead once it is here", async () => {
    const { model, shown, frame } = await makeEngine({ playhead: 0.4 });
    const numbers = () => model.requests("askFrames").map((r) => r.numbers);
    // The frame itself alone, and what follows once it rests.
    expect(numbers()).toEqual([[10]]);
    await frame(10);
    expect(shown).toEqual([10]);
    await vi.advanceTimersByTimeAsync(160);
    expect(numbers()[1]).toEqual([
      11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 9, 8,
    ]);
    await frame(11);
    expect(shown).toEqual([10]);
  });

  it("requests only what is shown while something is dragged", async () => {
    const { model, setSource, frame } = await makeEngine();
    const press = (type: string, buttons: number) =>
      window.dispatchEvent(new PointerEvent(type, { buttons }));
    press("pointerdown", 1);
    setSource(2);
    await frame(0, { version: 2, widthPx: 320 });
    await vi.advanceTimersByTimeAsync(2_000);
    const asked = () => model.requests("askFrames").filter((r) => r.version === 2);
    expect(asked().map((r) => r.numbers)).toEqual([[0]]);
    press("pointerup", 0);
    await vi.advanceTimersByTimeAsync(160);
    expect(asked().at(-1)?.numbers).toContain(14);
  });

  it("requests an exact frame once in a drag, however late or small it is", async () => {
    const { model, engine, setSource } = await makeEngine();
    window.dispatchEvent(new PointerEvent("pointerdown", { buttons: 1 }));
    setSource(2);
    await vi.advanceTimersByTimeAsync(2_000);
    const exact = () =>
      model.requests("askFrames").filter((r) => r.version === 2 && r.widthPx);
    expect(exact().map((r) => r.numbers)).toEqual([[0]]);
    // Another frame is another one to be asked for.
    engine.seek(3);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(exact().map((r) => r.numbers)).toEqual([[0], [3]]);
    engine.close();
  });

  it.each(["pointercancel", "blur"])("takes a drag for over by %s", async (type) => {
    const { model, engine } = await makeEngine();
    window.dispatchEvent(new PointerEvent("pointerdown", { buttons: 1 }));
    await vi.advanceTimersByTimeAsync(1_000);
    const asked = () => model.requests("askFrames").at(-1)?.numbers;
    expect(asked()).not.toContain(14);
    // Of a canceled pointer some browsers still tell the buttons.
    window.dispatchEvent(new PointerEvent(type, { buttons: 1 }));
    await vi.advanceTimersByTimeAsync(160);
    expect(asked()).toContain(14);
    engine.close();
  });

  it("stays within the source, and sends the kernel its place", async () => {
    const { model, engine } = await makeEngine();
    engine.seek(1000);
    expect(engine.frame).toBe(99);
    engine.step(-9);
    expect(engine.frame).toBe(90);
    engine.seek(-5);
    expect(engine.frame).toBe(0);
    engine.seek(50);
    await vi.advanceTimersByTimeAsync(100);
    expect(model.traits).toMatchObject({ playhead: 2, frame: 50 });
  });

  it("shows no frame of an older version", async () => {
    const { shown, setSource, frame } = await makeEngine();
    setSource(2);
    await frame(0, { version: 1 });
    expect(shown).toEqual([]);
    await frame(0, { version: 2 });
    expect(shown).toEqual([0]);
  });

  it("requests the exact frame once the playhead rests", async () => {
    const { model, engine, frame, shown } = await makeEngine();
    await frame(0);
    engine.seek(20);
    await vi.advanceTimersByTimeAsync(100);
    engine.seek(21);
    const exact = () => model.requests("askFrames").filter((r) => r.widthPx);
    await vi.advanceTimersByTimeAsync(159);
    expect(exact()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    const numbers = expect.arrayContaining([21, 22, 20]);
    expect(exact()).toMatchObject([{ widthPx: 320, heightPx: 180, numbers }]);
    await frame(21, { widthPx: 320 });
    expect(shown).toEqual([0, 21]);
  });

  it("plays single frames by the clock, passing over those that are late", async () => {
    const { model, engine, shown, frame } = await makeEngine();
    for (const n of [0, 1, 2, 3, 5]) await frame(n);
    shown.length = 0;
    engine.play(1);
    expect(model.traits.playing).toBe(true);
    await vi.advanceTimersByTimeAsync(240);
    expect(shown).toEqual([1, 2, 3, 5]);
    expect(engine.frame).toBe(5);
    engine.pause();
    expect(model.traits.playing).toBe(false);
  });

  it("plays backwards to the in point, and loops to the out point", async () => {
    const { engine, shown, frame } = await makeEngine();
    for (let n = 0; n < 12; n++) await frame(n);
    engine.inS = 0.12;
    engine.outS = 0.32; // where frame 7 ends
    engine.seek(7);
    engine.loop = true;
    shown.length = 0;
    engine.play(-1);
    await vi.advanceTimersByTimeAsync(400);
    expect(shown.slice(0, 7)).toEqual([6, 5, 4, 3, 7, 6, 5]);
    expect(Math.min(...shown)).toBe(3);
    expect(Math.max(...shown)).toBe(7);
    engine.close();
  });

  it("pauses at the end", async () => {
    const { engine, frame } = await makeEngine();
    for (let n = 90; n < 100; n++) await frame(n);
    engine.seek(95);
    engine.play(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(engine.playing).toBe(false);
    expect(engine.frame).toBe(99);
    // Playing again starts at the first frame.
    engine.play(1);
    expect(engine.frame).toBe(0);
    engine.close();
  });

  it("doubles its speed with each push, up to four times", async () => {
    const { engine } = await makeEngine();
    const rates = [1, 1, 1, 1, -1, -1].map((direction) => {
      engine.shuttle(direction as 1 | -1);
      return engine.rate;
    });
    expect(rates).toEqual([1, 2, 4, 4, -1, -2]);
    engine.close();
  });

  it("follows a cell that moves the playhead or plays", async () => {
    const { model, engine } = await makeEngine();
    model.change("playhead", 1);
    expect(engine.frame).toBe(25);
    model.change("playing", true);
    expect(engine.rate).toBe(1);
    model.change("playhead", 2);
    expect(engine.frame).toBe(50);
    expect(engine.playing).toBe(true);
    model.change("playing", false);
    expect(engine.playing).toBe(false);
  });

  it("says what is wrong with a frame", async () => {
    const { model, problems } = await makeEngine();
    const broken = { kind: "frame", version: 1, number: 0, widthPx: 0 } as const;
    model.answer({ ...broken, problem: "street.mp4 is gone" });
    expect(problems).toEqual(["street.mp4 is gone"]);
  });
});

describe("an engine with media source", () => {
  beforeEach(() => {
    vi.stubGlobal("MediaSource", FakeMediaSource);
    HTMLVideoElement.prototype.requestVideoFrameCallback = () => 1;
    HTMLVideoElement.prototype.cancelVideoFrameCallback = () => undefined;
  });
  afterEach(() => {
    Reflect.deleteProperty(HTMLVideoElement.prototype, "requestVideoFrameCallback");
    Reflect.deleteProperty(HTMLVideoElement.prototype, "cancelVideoFrameCallback");
  });

  it("streams from its frame, and uses what it has preloaded", async () => {
    const { model, engine } = await makeEngine();
    engine.seek(25);
    await vi.advanceTimersByTimeAsync(200);
    expect(model.requests("play")).toMatchObject([{ first: 25, version: 1 }]);
    engine.play(1);
    expect(model.requests("play").length).toBe(1);
    engine.seek(75);
    engine.play(1);
    expect(model.requests("play").at(-1)).toMatchObject({ first: 75 });
    engine.close();
  });

  it("goes on by single frames when the browser detaches its stream", async () => {
    const { model, engine, shown, frame, problems } = await makeEngine();
    for (let n = 0; n < 8; n++) await frame(n);
    engine.play(1);
    const source = FakeMediaSource.last;
    source.open();
    source.detach();
    await vi.advanceTimersByTimeAsync(400);
    source.reportClose();
    shown.length = 0;
    await vi.advanceTimersByTimeAsync(130);
    expect(engine.playing).toBe(true);
    expect(shown).toEqual([1, 2, 3]);
    expect(model.requests("stop").length).toBe(1);
    expect(problems).toEqual([]);
    engine.close();
  });

  it("leaves its stream when the source changes, and streams the new one", async () => {
    const { model, engine, setSource } = await makeEngine();
    engine.play(1);
    const old = FakeMediaSource.last;
    old.open();
    setSource(2);
    expect(model.requests("stop").length).toBe(1);
    expect(model.requests("play").at(-1)).toMatchObject({ version: 2 });
    expect(engine.playing).toBe(true);
    expect(FakeMediaSource.last).not.toBe(old);
    engine.close();
    expect(model.requests("stop").length).toBe(2);
  });

  it("pauses with the kernel's words when a stream fails", async () => {
    const { model, engine, problems } = await makeEngine();
    engine.play(1);
    const stream = Number(model.requests("play").at(-1)?.stream);
    const failed = { stream, untilS: 0, offsetS: 0, ends: true, problem: "broken" };
    model.answer({ kind: "stream", ...failed });
    expect(problems).toEqual(["broken"]);
    expect(engine.playing).toBe(false);
  });
});
