// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel, type Model } from "./channel";
import type { Answers } from "./protocol";

type Sent = { kind: string; id: number; view: string };

function fakeModel() {
  const sent: Sent[] = [];
  const heard = new Map<string, (answer: unknown, buffers: DataView[]) => void>();
  const model: Model = {
    get: () => undefined,
    set: () => undefined,
    save_changes: () => undefined,
    send: (content) => sent.push(content as Sent),
    on: (event, listener) => heard.set(event, listener as never),
    off: (event) => heard.delete(event),
  };
  const tell = (answer: Partial<Answers>) =>
    heard.get("msg:custom")?.({ id: 0, view: "", ...answer }, []);
  return { model, sent, tell, heard };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a channel", () => {
  it("gives each answer to who asked, and refusals as errors", async () => {
    const { model, sent, tell } = fakeModel();
    const channel = new Channel(model);
    const [undo, redo] = [
      channel.request({ kind: "undo" }),
      channel.request({ kind: "redo" }),
    ];
    const [one, other] = sent;
    tell({ kind: "refused", id: other?.id ?? 0, view: channel.view, message: "no" });
    tell({ kind: "done", id: one?.id ?? 0, view: channel.view, text: "yes" });
    await expect(redo).rejects.toThrow("no");
    expect((await undo).answer).toMatchObject({ text: "yes" });
  });

  it("does not hear what is told to another view", () => {
    const { model, tell } = fakeModel();
    const channel = new Channel(model);
    const heard: string[] = [];
    channel.on("render", (told) => heard.push(told.path));
    const told = { kind: "render", status: "", fraction: 0, message: "" } as const;
    tell({ ...told, view: "another", path: "a" });
    tell({ ...told, view: channel.view, path: "b" });
    tell({ ...told, view: "", path: "c" });
    expect(heard).toEqual(["b", "c"]);
  });

  it("says that the kernel is lost, and when it is there again", () => {
    const { model, sent, tell } = fakeModel();
    const channel = new Channel(model);
    const states: string[] = [];
    channel.onState((state) => states.push(state));
    channel.open();
    expect(sent[0]?.kind).toBe("hello");
    tell({ kind: "welcome", words: {} });
    vi.advanceTimersByTime(15_000);
    expect(sent.at(-1)?.kind).toBe("ping");
    vi.advanceTimersByTime(6_100);
    tell({ kind: "done", text: "" });
    expect(states).toEqual(["opening", "live", "lost", "live"]);
  });

  it("outlives a connection that is closed", () => {
    const { model } = fakeModel();
    const channel = new Channel({
      ...model,
      send: () => {
        throw new Error("Cannot send");
      },
    });
    const states: string[] = [];
    channel.onState((state) => states.push(state));
    channel.send({ kind: "stop" });
    channel.close();
    expect(states).toEqual(["opening", "lost"]);
  });

  it("says goodbye, and beats no more", () => {
    const { model, sent, heard } = fakeModel();
    const channel = new Channel(model);
    channel.open();
    channel.close();
    expect(sent.at(-1)?.kind).toBe("bye");
    expect(heard.size).toBe(0);
    const count = sent.length;
    vi.advanceTimersByTime(120_000);
    expect(sent.length).toBe(count);
  });
});
