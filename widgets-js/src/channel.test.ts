// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel, isAbort } from "./channel";
import { FakeModel } from "./test/model";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a channel", () => {
  it("gives each answer to its request, and refusals as errors", async () => {
    const model = new FakeModel();
    const channel = new Channel(model);
    const undo = channel.request({ kind: "undo" });
    const redo = channel.request({ kind: "redo" });
    const [first, second] = model.sent;
    const { view } = channel;
    model.answer({ kind: "refused", id: second?.id ?? 0, view, message: "no" });
    model.answer({ kind: "done", id: first?.id ?? 0, view, text: "yes" });
    await expect(redo).rejects.toThrow("no");
    expect((await undo).answer.text).toBe("yes");
  });

  it("ignores answers to other views", () => {
    const model = new FakeModel();
    const channel = new Channel(model);
    const texts: string[] = [];
    channel.on("pluginMessage", ({ text }) => texts.push(text));
    const message = { kind: "pluginMessage", plugin: "p" } as const;
    model.answer({ ...message, view: "another", text: "a" });
    model.answer({ ...message, view: channel.view, text: "b" });
    model.answer({ ...message, view: "", text: "c" });
    expect(texts).toEqual(["b", "c"]);
  });

  it("notices that the kernel is lost, and when it answers again", () => {
    const model = new FakeModel();
    const channel = new Channel(model);
    const states: string[] = [];
    channel.onState((state) => states.push(state));
    channel.open();
    expect(model.sent[0]?.kind).toBe("hello");
    model.answer({ kind: "welcome" });
    vi.advanceTimersByTime(15_000);
    expect(model.sent.at(-1)?.kind).toBe("ping");
    vi.advanceTimersByTime(6_100);
    model.answer({ kind: "done", text: "" });
    expect(states).toEqual(["opening", "live", "lost", "live"]);
  });

  it("rejects requests over a connection that is closed", async () => {
    const model = new FakeModel();
    model.send = () => {
      throw new Error("Cannot send");
    };
    const channel = new Channel(model);
    const states: string[] = [];
    channel.onState((state) => states.push(state));
    await expect(channel.request({ kind: "undo" })).rejects.toThrow("Run this cell");
    channel.close();
    expect(states).toEqual(["opening", "lost"]);
  });

  it("rejects what is pending when it closes, and sends nothing more", async () => {
    const model = new FakeModel();
    const channel = new Channel(model);
    channel.open();
    const undo = channel.request({ kind: "undo" }).catch((error: unknown) => error);
    channel.close();
    expect(isAbort(await undo)).toBe(true);
    const late = channel.request({ kind: "redo" }).catch((error: unknown) => error);
    expect(isAbort(await late)).toBe(true);
    expect(model.sent.map((request) => request.kind)).toEqual(["hello", "undo", "bye"]);
    expect(model.listenerCount).toBe(0);
    vi.advanceTimersByTime(300_000);
    expect(model.sent.length).toBe(3);
  });

  it("rejects a request that is aborted, and ignores its answer", async () => {
    const model = new FakeModel();
    const channel = new Channel(model);
    const abort = new AbortController();
    const sound = { kind: "askSound", version: 1, startS: 0, durationS: 2 } as const;
    const asked = channel
      .request(sound, { signal: abort.signal })
      .catch((error: unknown) => error);
    abort.abort();
    model.answer({ kind: "sound", id: model.sent[0]?.id ?? 0, view: channel.view });
    expect(isAbort(await asked)).toBe(true);
    const again = channel.request(sound, { signal: abort.signal });
    await expect(again).rejects.toThrow();
    expect(model.sent.length).toBe(1);
  });

  it("rejects a request that is not answered in time", async () => {
    const model = new FakeModel();
    const channel = new Channel(model);
    const undo = channel.request({ kind: "undo" }, { timeoutMs: 1000 });
    const failed = expect(undo).rejects.toThrow("does not answer");
    vi.advanceTimersByTime(999);
    // Another request of the kind is answered meanwhile.
    const redo = channel.request({ kind: "redo" }, { timeoutMs: 1000 });
    model.answer({ kind: "done", id: model.sent[1]?.id ?? 0, text: "" });
    vi.advanceTimersByTime(1);
    await failed;
    await redo;
  });

  it("rejects what is pending when the kernel dies", async () => {
    const model = new FakeModel();
    let report: (sender: unknown, status: string) => void = () => undefined;
    const statusChanged = {
      connect: (slot: typeof report) => {
        report = slot;
      },
      disconnect: () => undefined,
    };
    Object.assign(model, { widget_manager: { kernel: { statusChanged } } });
    const channel = new Channel(model);
    const undo = channel.request({ kind: "undo" });
    report(undefined, "busy");
    expect(channel.state).toBe("opening");
    report(undefined, "restarting");
    await expect(undo).rejects.toThrow("does not answer");
    expect(channel.state).toBe("lost");
  });
});
