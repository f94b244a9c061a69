// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { decodeFrame } from "./frames";
import { type Opened, SocketModel } from "./model";

/** A frame as `browser_comm.py` documents it: length, JSON, buffers. */
function frame(message: unknown, ...buffers: number[][]): ArrayBuffer {
  const lengths = buffers.map((buffer) => buffer.length);
  const text = new TextEncoder().encode(JSON.stringify({ message, lengths }));
  const head = [0, 0, text.length >> 8, text.length & 255];
  return new Uint8Array([...head, ...text, ...buffers.flat()]).buffer;
}

class FakeSocket extends EventTarget {
  readyState: number = WebSocket.OPEN;
  binaryType = "";
  readonly sent: unknown[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  receive(message: unknown, ...buffers: number[][]): void {
    this.dispatchEvent(
      new MessageEvent("message", { data: frame(message, ...buffers) }),
    );
  }
}

function opened() {
  const socket = new FakeSocket();
  const facts: Opened[] = [];
  const closed = vi.fn();
  const model = new SocketModel(socket as unknown as WebSocket, {
    opened: (found) => facts.push(found),
    said: () => undefined,
    closed,
  });
  socket.receive({
    method: "open",
    bundle: "player",
    state: { playhead: 2, frame: 0 },
  });
  return { socket, model, facts, closed };
}

describe("a frame", () => {
  it("has its buffers at any byte", () => {
    const { message, buffers } = decodeFrame(frame({ a: "é" }, [1, 2, 3], [], [4]));
    expect(message).toEqual({ a: "é" });
    expect(buffers.map((view) => view.byteLength)).toEqual([3, 0, 1]);
    expect(buffers[2]?.getUint8(0)).toBe(4);
  });
});

describe("a model over a socket", () => {
  it("has the state that the program sent, and sends what is changed here", () => {
    const { socket, model, facts } = opened();
    expect(facts[0]?.bundle).toBe("player");
    expect(model.get("playhead")).toBe(2);
    const changes: unknown[] = [];
    model.on("change:playhead", () => changes.push(model.get("playhead")));
    model.set("playhead", 3);
    model.set("playhead", 3);
    expect(changes).toEqual([3]);
    model.save_changes();
    model.save_changes();
    expect(socket.sent).toEqual([{ method: "update", state: { playhead: 3 } }]);
  });

  it("takes changes of the program without sending them back", () => {
    const { socket, model } = opened();
    const changes: unknown[] = [];
    const listener = () => changes.push(model.get("playhead"));
    model.on("change:playhead", listener);
    socket.receive({ method: "update", state: { playhead: 5, frame: 0 } });
    socket.receive({ method: "update", state: { playhead: 5 } });
    model.off("change:playhead", listener);
    socket.receive({ method: "update", state: { playhead: 6 } });
    model.save_changes();
    expect(changes).toEqual([5]);
    expect(socket.sent).toEqual([]);
  });

  it("passes messages with their buffers", () => {
    const { socket, model } = opened();
    const seen: unknown[] = [];
    model.on("msg:custom", (content: unknown, [data]: DataView[]) =>
      seen.push(content, data?.getUint8(1)),
    );
    socket.receive({ method: "custom", content: { kind: "frame" } }, [7, 9]);
    expect(seen).toEqual([{ kind: "frame" }, 9]);
    model.send({ kind: "hello" });
    expect(socket.sent).toEqual([{ method: "custom", content: { kind: "hello" } }]);
  });

  it("says that the program is gone", () => {
    const { socket, model, closed } = opened();
    const statuses: string[] = [];
    model.widget_manager.kernel.statusChanged.connect((_, s) => statuses.push(s));
    socket.readyState = WebSocket.CLOSED;
    socket.dispatchEvent(new Event("close"));
    expect(statuses).toEqual(["dead"]);
    expect(closed).toHaveBeenCalled();
    expect(() => model.send({})).toThrow();
  });

  it("sends no traits to a program that has ended, and says so of requests", () => {
    const { socket, model } = opened();
    socket.readyState = WebSocket.CLOSED;
    model.set("playhead", 3);
    expect(() => model.save_changes()).not.toThrow();
    expect(socket.sent).toEqual([]);
    expect(() => model.send({})).toThrow("closed");
  });
});
