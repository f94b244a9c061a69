// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel, isAbort } from "./channel";
import { ENGLISH, useTranslations } from "./i18n";
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

  it("says refusals in the language of the page", async () => {
    const text = "nothing follows {item}";
    const texts = { [text]: "auf {item} folgt nichts", "a gap": "eine Lücke" };
    useTranslations({ ...ENGLISH, language: "de", texts });
    const model = new FakeModel();
    const channel = new Channel(model);
    const roll = channel.request({ kind: "undo" });
    model.answer({
      kind: "refused",
      id: model.sent[0]?.id ?? 0,
      view: channel.view,
      message: "nothing follows a gap",
      said: { text, values: { item: { text: "a gap", values: {} } } },
    });
    await expect(roll).rejects.toThrow("auf eine Lücke folgt nichts");
    useTranslations(ENGLISH);
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
    expect(model.sent[0]).toMatchObject({ kind: "hello", language: "en" });
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

  describe("with a kernel that says how it is", () => {
    const slots = new Set<(sender: unknown, status: string) => void>();
    const kernel = {
      status: "idle",
      statusChanged: {
        connect: (slot: () => void) => slots.add(slot),
        disconnect: (slot: () => void) => slots.delete(slot),
      },
    };
    const become = (status: string) => {
      kernel.status = status;
      for (const slot of [...slots]) slot(kernel, status);
    };
    const opened = () => {
      slots.clear();
      kernel.status = "idle";
      const model = new FakeModel();
      Object.assign(model, { widget_manager: { kernel } });
      return { model, channel: new Channel(model) };
    };

    it("rejects what is pending when the kernel dies", async () => {
      const { channel } = opened();
      const undo = channel.request({ kind: "undo" });
      become("busy");
      expect(channel.state).toBe("opening");
      become("restarting");
      await expect(undo).rejects.toThrow("does not answer");
      expect(channel.state).toBe("lost");
      channel.close();
      expect(slots.size).toBe(0);
    });

    it("waits for a kernel that runs a cell, and asks for all anew then", async () => {
      const { model, channel } = opened();
      channel.open();
      become("busy");
      const undo = channel.request({ kind: "undo" });
      vi.advanceTimersByTime(7_000);
      expect(channel.state).toBe("busy");
      vi.advanceTimersByTime(400_000);
      expect(channel.state).toBe("busy");
      const asked = model.sent.length;
      vi.advanceTimersByTime(4_000);
      become("idle");
      expect(model.sent[asked]?.kind).toBe("ping");
      // The ping makes the kernel busy and idle: no further one follows from that.
      become("busy");
      become("idle");
      expect(model.sent.length).toBe(asked + 1);
      const sentUndo = model.requests("undo")[0];
      model.answer({ kind: "done", id: sentUndo?.id ?? 0, text: "" });
      await undo;
      expect(channel.state).toBe("live");
      expect(model.requests("hello").length).toBe(2);
      channel.close();
    });
  });
});
