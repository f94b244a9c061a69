// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Channel } from "../channel";
import { Playhead } from "../playhead";
import { FakeModel } from "../test/model";
import { Notice } from "../ui/notice";
import { Actions } from "./actions";
import { timeline, track } from "./fixtures";
import { type Headers, makeHeaders } from "./headers";
import { State } from "./state";

describe("a header that is dragged", () => {
  let model: FakeModel;
  let channel: Channel;
  let state: State;
  let headers: Headers;
  const tell = (...names: string[]) => {
    state.setTimeline(timeline(...names.map((name) => track(name, [[0, 1]]))));
    headers.update();
    // Rows of 60 pixels, in the order that is shown.
    for (const [place, row] of rows().entries())
      row.getBoundingClientRect = () => new DOMRect(0, place * 60, 100, 60);
  };
  const rows = () => [
    ...headers.element.querySelectorAll<HTMLElement>(".tnb-track-header"),
  ];
  const fire = (type: string, y: number, target: Element = headers.element) =>
    target.dispatchEvent(
      new PointerEvent(type, { clientY: y, button: 0, bubbles: true }),
    );

  beforeEach(() => {
    model = new FakeModel({ selection: [], playhead: 0, solo: [] });
    channel = new Channel(model);
    state = new State(model);
    const playhead = new Playhead(model);
    const redraw = () => undefined;
    const notice = new Notice();
    const actions = new Actions(channel, state, playhead, notice, redraw, () => 1);
    headers = makeHeaders(actions);
    document.body.replaceChildren(headers.element);
    tell("V3", "V2", "V1");
    fire("pointerdown", 150, rows()[2]);
    fire("pointermove", 90);
    expect(rows()[2]?.hasAttribute("data-dragged")).toBe(true);
  });
  afterEach(() => channel.close());

  it("goes where it was dropped", () => {
    fire("pointerup", 90);
    // The second from below, as the kernel counts.
    expect(model.requests("moveTrack")).toMatchObject([{ track: "V1", index: 1 }]);
    expect(rows()[2]?.hasAttribute("data-dragged")).toBe(false);
  });

  it("is the same track when another one comes above it", () => {
    tell("V4", "V3", "V2", "V1");
    fire("pointermove", 90);
    fire("pointerup", 90);
    expect(model.requests("moveTrack")).toMatchObject([{ track: "V1", index: 1 }]);
  });

  it("moves nothing once its track is gone", () => {
    tell("V3", "V2");
    fire("pointermove", 30);
    fire("pointerup", 30);
    expect(model.requests("moveTrack")).toEqual([]);
  });
});
