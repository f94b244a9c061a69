// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel } from "../channel";
import { FakeMediaSource } from "../test/mediaSource";
import { FakeModel } from "../test/model";
import { EMPTY_SOURCE, PlayerSource } from "./source";
import { PlaybackStream } from "./stream";

const SOURCE = new PlayerSource(
  { ...EMPTY_SOURCE.view, version: 7, frames: 2500, durationS: 100 },
  undefined,
);

function makeStream() {
  const model = new FakeModel();
  const channel = new Channel(model);
  const video = document.createElement("video");
  let now = 0;
  Object.defineProperty(video, "currentTime", {
    get: () => now,
    set: (seconds: number) => {
      now = seconds;
    },
  });
  const events: string[] = [];
  const format = { mime: "video/mp4", sound: "none" } as const;
  const stream = new PlaybackStream(channel, SOURCE, video, 50, format, {
    onError: (problem) => events.push(problem),
    onDetach: () => events.push("detached"),
  });
  const fragment = (bytes: number, ends = false, offsetS = 2) =>
    stream.receive(
      {
        kind: "stream",
        id: 0,
        view: "",
        stream: stream.number,
        untilS: 0,
        offsetS,
        ends,
        problem: "",
      },
      bytes ? new DataView(new ArrayBuffer(bytes)) : undefined,
    );
  return { model, video, stream, events, fragment, source: FakeMediaSource.last };
}

beforeEach(() => {
  FakeMediaSource.made = [];
  vi.stubGlobal("MediaSource", FakeMediaSource);
  URL.createObjectURL = () => "blob:stream";
  URL.revokeObjectURL = () => undefined;
});
afterEach(() => vi.unstubAllGlobals());

describe("a playback stream", () => {
  it("requests the first second from its frame, then more as the playhead nears", () => {
    const { model, stream } = makeStream();
    // Frame 50 at 25 frames a second is second 2.
    expect(model.requests("play")).toMatchObject([
      { first: 50, version: 7, untilS: 3, sound: "none" },
    ]);
    stream.refill(1);
    stream.refill(1);
    expect(model.requests("more")).toMatchObject([{ untilS: 8 }]);
    stream.refill(2);
    expect(model.requests("more")[1]).toMatchObject({ untilS: 14 });
  });

  it("appends fragments one after another, and ends after the last", () => {
    const { source, fragment } = makeStream();
    fragment(10);
    source.open();
    fragment(20);
    fragment(0, true);
    const { buffer } = source;
    expect(buffer.appended).toEqual([10]);
    expect(buffer.timestampOffset).toBe(2);
    buffer.finish();
    expect(buffer.appended).toEqual([10, 20]);
    expect(source.readyState).toBe("open");
    buffer.finish();
    expect(source.readyState).toBe("ended");
  });

  it("ignores fragments of another stream", () => {
    const { stream, source } = makeStream();
    source.open();
    const data = new DataView(new ArrayBuffer(5));
    const other = { kind: "stream", id: 0, view: "", untilS: 0, offsetS: 0 } as const;
    const received = stream.receive(
      { ...other, stream: stream.number + 1, ends: false, problem: "" },
      data,
    );
    expect(received).toBe(false);
    expect(source.buffer.appended).toEqual([]);
  });

  it("knows what is buffered, and drops what is far behind", () => {
    const { video, stream, source } = makeStream();
    expect(stream.isBuffered(2)).toBe(false);
    source.open();
    source.buffer.ranges = [[2, 60]];
    expect(stream.isBuffered(2)).toBe(true);
    expect(stream.isBuffered(60)).toBe(false);
    video.currentTime = 50;
    stream.refill(1);
    expect(source.buffer.ranges).toEqual([[30, 60]]);
  });

  it("makes room behind the playhead in a full buffer", () => {
    const { video, source, fragment, events } = makeStream();
    source.open();
    source.buffer.ranges = [[2, 12]];
    video.currentTime = 10;
    source.isFull = true;
    fragment(10);
    expect(source.buffer.ranges).toEqual([[9, 12]]);
    source.buffer.finish();
    expect(source.buffer.appended).toEqual([10]);
    expect(events).toEqual([]);
  });

  it("reports a full buffer that has no room behind the playhead", () => {
    const { source, fragment, events } = makeStream();
    source.open();
    source.isFull = true;
    fragment(10);
    expect(events).toEqual(["QuotaExceededError: full"]);
  });

  it("does not touch a buffer that the browser has removed", () => {
    const { model, stream, source, fragment, events } = makeStream();
    source.open();
    const { buffer } = source;
    fragment(10);
    fragment(20);
    source.detach();
    // The browser has not sent its event yet.
    expect(stream.isBuffered(2)).toBe(false);
    stream.refill(4);
    fragment(30);
    buffer.finish();
    expect(buffer.appended).toEqual([10]);
    expect(events).toEqual([]);
    source.reportClose();
    expect(events).toEqual(["detached"]);
    expect(model.requests("stop").length).toBe(1);
    expect(fragment(40)).toBe(false);
    stream.close();
    expect(model.requests("stop").length).toBe(1);
  });

  it("does not touch anything after it was closed", () => {
    const { model, stream, source, fragment, events } = makeStream();
    source.open();
    const { buffer } = source;
    fragment(10);
    stream.close();
    source.detach();
    source.reportClose();
    buffer.finish();
    stream.refill(1);
    expect(stream.isBuffered(2)).toBe(false);
    expect(fragment(20)).toBe(false);
    expect(buffer.appended).toEqual([10]);
    expect(events).toEqual([]);
    expect(model.requests("more")).toEqual([]);
  });

  it("opens nothing if it was closed before the browser was ready", () => {
    const { stream, source } = makeStream();
    stream.close();
    source.open();
    expect(source.sourceBuffers).toEqual([]);
  });
});
