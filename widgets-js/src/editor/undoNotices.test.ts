// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { WidgetContext } from "../context";
import { Notice } from "../ui/notice";
import { makeUndoNotices } from "./undoNotices";

describe("a notice after a step that takes something away", () => {
  const run = vi.fn();
  let notice = new Notice();
  let root = document.createElement("div");
  let tell: (labels: readonly string[], now: number) => void = () => {};
  const shown = () => notice.element.querySelector(".tnb-notice-text")?.textContent;

  beforeEach(() => {
    run.mockClear();
    notice = new Notice();
    root = document.createElement("div");
    const channel = {
      on: (_: string, listener: (history: unknown) => void) => {
        tell = (labels, now) => listener({ first: 0, labels, now });
      },
    };
    const context = { channel, notice, root, commands: { run } };
    makeUndoNotices(context as unknown as WidgetContext);
    tell(["", "append"], 1);
    root.dispatchEvent(new Event("keydown"));
  });

  it("offers to undo it, once", () => {
    tell(["", "append", "delete"], 2);
    expect(shown()).toBe("Delete");
    notice.element.querySelector<HTMLElement>(".tnb-text-button")?.click();
    expect(run.mock.calls).toEqual([["edit.undo"]]);
    expect(shown()).toBeUndefined();
  });

  it("goes with the next step, with undoing, and never comes for others", () => {
    tell(["", "append", "delete"], 2);
    tell(["", "append", "delete", "trim"], 3);
    expect(shown()).toBeUndefined();
    tell(["", "append", "delete", "trim", "remove track"], 4);
    expect(shown()).toBe("Remove track");
    tell(["", "append", "delete", "trim", "remove track"], 3);
    expect(shown()).toBeUndefined();
  });

  it("says nothing of what a cell did", () => {
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 10_000);
    tell(["", "append", "delete"], 2);
    expect(shown()).toBeUndefined();
    vi.restoreAllMocks();
  });
});
