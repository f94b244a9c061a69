// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { WidgetContext } from "../../context";
import type { RenderRow } from "../../protocol";
import { Notice } from "../../ui/notice";
import { makeRenders } from "./renders";

function row(number: number, status: string): RenderRow {
  return {
    number,
    path: `/films/${number}.mp4`,
    status,
    fraction: 1,
    stage: "",
    remainingS: null,
    messages: status === "failed" ? ["the disk is full"] : [],
    sizeBytes: 0,
    address: "",
    canRise: false,
    canSink: false,
  };
}

describe("the panel of renders", () => {
  let notice = new Notice();
  let tell: (...renders: RenderRow[]) => void = () => {};
  const said = () =>
    [...notice.element.querySelectorAll(".tnb-notice-text")].map(
      (text) => text.textContent,
    );

  beforeEach(() => {
    notice = new Notice();
    const channel = {
      on: (_: string, listener: (view: unknown) => void) => {
        tell = (...renders) => listener({ renders });
      },
    };
    makeRenders({ channel, notice } as unknown as WidgetContext);
  });

  it("says that a render has ended, also one that was never seen to run", () => {
    tell();
    tell(row(1, "processing"));
    tell(row(1, "completed"));
    expect(said()).toEqual(["1.mp4 is ready"]);
    tell(row(2, "completed"), row(1, "completed"));
    tell(row(3, "failed"), row(2, "completed"), row(1, "completed"));
    expect(said()).toEqual(["1.mp4 is ready", "2.mp4 is ready", "the disk is full"]);
  });

  it("says nothing of those that had ended before the page opened", () => {
    tell(row(1, "completed"));
    tell(row(1, "completed"));
    expect(said()).toEqual([]);
  });
});
