// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Channel } from "../channel";
import { Playhead } from "../playhead";
import type { MarkerView } from "../protocol";
import { FakeModel } from "../test/model";
import { Commands } from "../ui/commands";
import { Notice } from "../ui/notice";
import { Actions } from "./actions";
import { timeline, track } from "./fixtures";
import { CLOCKS_PX } from "./geometry";
import { MarkerEdits } from "./markerEdits";
import { attachRuler } from "./rulerPointer";
import { State } from "./state";

const marker = (name: string, startS: number): MarkerView => ({
  name,
  startS,
  durationS: 0,
  color: "red",
  note: "",
});
const film = (...markers: MarkerView[]) => ({
  ...timeline(track("V1", [[0, 9]])),
  markers,
});

describe("a marker that is dragged on the ruler", () => {
  let model: FakeModel;
  let state: State;
  let channel: Channel;
  const canvas = document.createElement("canvas");
  let detach = () => {};
  const fire = (type: string, x: number) =>
    canvas.dispatchEvent(
      new MouseEvent(type, { clientX: x, clientY: CLOCKS_PX + 5, button: 0 }),
    );
  /** As the view takes it, before others hear of it. */
  const tell = (...markers: MarkerView[]) => {
    state.setTimeline(film(...markers));
    model.answer({ kind: "timeline" });
  };

  beforeEach(() => {
    document.body.replaceChildren(canvas);
    model = new FakeModel({ selection: [], playhead: 0 });
    channel = new Channel(model);
    state = new State(model);
    state.resize(1000, 200);
    state.setTimeline(film(marker("a", 1), marker("b", 3)));
    state.setScale({ originS: 0, pxPerS: 100 });
    state.snaps = false;
    const playhead = new Playhead(model);
    const redraw = () => undefined;
    const notice = new Notice();
    const actions = new Actions(channel, state, playhead, notice, redraw, () => 1);
    const edits = new MarkerEdits(actions, document.body);
    detach = attachRuler(canvas, actions, edits, new Commands());
    fire("pointerdown", 301);
    fire("pointermove", 401);
    expect(state.markerDrag).toMatchObject({ marker: 1, startS: 4 });
  });
  afterEach(() => {
    detach();
    channel.close();
  });

  it("is the same one when another one comes before it", () => {
    tell(marker("new", 0), marker("a", 1), marker("b", 3));
    expect(state.markerDrag).toMatchObject({ marker: 2, startS: 4 });
    fire("pointermove", 501);
    fire("pointerup", 501);
    expect(model.requests("setMarker")).toMatchObject([{ marker: 2, startS: 5 }]);
  });

  it("ends its drag when it is deleted, and moves no other one", () => {
    tell(marker("a", 1), marker("c", 8));
    expect(state.markerDrag).toBeUndefined();
    fire("pointermove", 501);
    fire("pointerup", 501);
    expect(model.requests("setMarker")).toEqual([]);
  });
});
