// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Notice } from "./notice";

describe("notices", () => {
  let notice = new Notice();
  const shown = () =>
    [...notice.element.querySelectorAll(".tnb-notice-text")].map((o) => o.textContent);

  beforeEach(() => {
    vi.useFakeTimers();
    notice = new Notice();
  });
  afterEach(() => vi.useRealTimers());

  it("stack, each once, and only the last three", () => {
    for (const text of ["a", "b", "a", "c", "d"]) notice.say(text);
    expect(shown()).toEqual(["a", "c", "d"]);
  });

  it("go by themselves, a problem later, and not while they are pointed at", () => {
    notice.say("saved");
    notice.problem(new Error("no such file"));
    const problem = notice.element.lastElementChild;
    problem?.dispatchEvent(new Event("pointerenter"));
    vi.advanceTimersByTime(6_000);
    expect(shown()).toEqual(["no such file"]);
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual(["no such file"]);
    problem?.dispatchEvent(new Event("pointerleave"));
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual([]);
  });

  it("stay while a focus in them is seen, which is no click's", () => {
    document.body.append(notice.element);
    for (const isSeen of [false, true]) {
      notice.say("Clip deleted", "info", [{ label: "Undo", run: () => undefined }]);
      const undo = notice.element.querySelector<HTMLElement>(".tnb-text-button");
      if (undo) vi.spyOn(undo, "matches").mockReturnValue(isSeen);
      undo?.focus();
      vi.advanceTimersByTime(60_000);
      expect(shown()).toEqual(isSeen ? ["Clip deleted"] : []);
    }
    notice.element.remove();
  });

  it("have buttons that act once", () => {
    const undo = vi.fn();
    notice.say("Clip deleted", "info", [{ label: "Undo", run: undo }]);
    notice.element.querySelector<HTMLElement>(".tnb-text-button")?.click();
    expect(undo).toHaveBeenCalledTimes(1);
    expect(shown()).toEqual([]);
  });

  it("lose their problems, and no more, when it went well", () => {
    notice.say("Copied");
    notice.problem(new Error("locked"));
    notice.clear();
    expect(shown()).toEqual(["Copied"]);
  });

  it("show markup as text, and nothing of what was aborted", () => {
    notice.say("<b>film</b>.mp4");
    notice.problem(new DOMException("closed", "AbortError"));
    expect(shown()).toEqual(["<b>film</b>.mp4"]);
    expect(notice.element.querySelector("b")).toBeNull();
  });
});
