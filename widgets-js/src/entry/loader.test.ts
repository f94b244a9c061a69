// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeModel } from "../test/model";
import loader from "./loader";

const TRAITS = { _bundle: "editor", _digest: "d", still: "data:image/gif;base64,R0" };
const PROGRAM = `export default { render: ({ el }) => {
  const shown = document.createElement("b");
  el.append(shown);
  return () => shown.remove();
} };`;

function kernel() {
  const slots = new Set<() => void>();
  const statusChanged = {
    connect: (slot: () => void) => slots.add(slot),
    disconnect: (slot: () => void) => slots.delete(slot),
  };
  const own = { status: "idle", statusChanged };
  const become = (status: string) => {
    own.status = status;
    for (const slot of [...slots]) slot();
  };
  return { own, become, slots };
}

describe("the loader", () => {
  let here = document.createElement("div");
  const state = () =>
    here.querySelector<HTMLElement>("[data-testid]")?.dataset.state ?? "shown";
  const send = (model: FakeModel) =>
    model.answer({ kind: "code" }, [
      new DataView(new TextEncoder().encode(PROGRAM).buffer),
    ]);
  const settled = () => vi.waitFor(() => expect(here.querySelector("b")).toBeTruthy());

  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    // Modules cannot be imported from blobs here.
    vi.spyOn(URL, "createObjectURL").mockReturnValue(
      `data:text/javascript,${encodeURIComponent(PROGRAM)}`,
    );
    vi.spyOn(URL, "revokeObjectURL").mockReturnValue(undefined);
    here = document.createElement("div");
    document.body.replaceChildren(here);
    Object.assign(globalThis, { timelineNbPrograms: undefined });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("waits for a kernel that runs a cell, and says so", async () => {
    const { own, become, slots } = kernel();
    own.status = "busy";
    const model = new FakeModel(TRAITS);
    Object.assign(model, { widget_manager: { kernel: own } });
    loader.render({ model, el: here });
    expect(state()).toBe("opening");
    expect(here.querySelector("img")).toBeTruthy();
    vi.advanceTimersByTime(25_000);
    expect(state()).toBe("busy");
    expect(here.textContent).toContain("busy");
    vi.advanceTimersByTime(3_000);
    const asked = model.requests("askCode").length;
    become("idle");
    expect(model.requests("askCode").length).toBe(asked + 1);
    send(model);
    await settled();
    expect(slots.size).toBe(0);
    expect(model.listenerCount).toBe(0);
  });

  it("opens a lost widget whose kernel answers after all", async () => {
    const model = new FakeModel(TRAITS);
    loader.render({ model, el: here });
    vi.advanceTimersByTime(20_000);
    expect(state()).toBe("lost");
    send(model);
    await settled();
    expect(here.textContent).toBe("");
  });

  it("serves a stale widget and a fresh one of the same program", async () => {
    const [stale, fresh] = [new FakeModel(TRAITS), new FakeModel(TRAITS)];
    loader.render({ model: stale, el: here });
    vi.advanceTimersByTime(1_000);
    const stop = loader.render({ model: fresh, el: here });
    expect(fresh.requests("askCode").length).toBe(1);
    send(fresh);
    await vi.waitFor(() => expect(here.querySelectorAll("b").length).toBe(2));
    stop();
    expect(here.querySelectorAll("b").length).toBe(1);
    const later = new FakeModel(TRAITS);
    loader.render({ model: later, el: here });
    expect(later.sent).toEqual([]);
    expect(here.querySelectorAll("b").length).toBe(2);
  });

  it("leaves nothing behind when its view closes first", () => {
    const model = new FakeModel(TRAITS);
    const stop = loader.render({ model, el: here });
    stop();
    vi.advanceTimersByTime(100_000);
    expect(model.sent.length).toBe(1);
    expect(model.listenerCount).toBe(0);
    expect(here.childElementCount).toBe(0);
  });
});
