// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel } from "../channel";
import { MEDIA, placeFields, startMediaDrag } from "../mediaDrag";
import { Playhead } from "../playhead";
import { FakeModel } from "../test/model";
import { Commands } from "../ui/commands";
import { Notice } from "../ui/notice";
import { Actions } from "./actions";
import { choicesAt } from "./contextMenu";
import { timeline, track } from "./fixtures";
import { RULER_PX } from "./geometry";
import { attachPointer } from "./pointer";
import { State } from "./state";
import { SubtitleEdits } from "./subtitles";

// A hundred pixels a second; rows of 58 pixels and a gap of 2 below the ruler.
const WHOLE = timeline(
  track("V2", []),
  track("V1", [
    [0, 4],
    [4, 7],
    [7, 9],
  ]),
);
const V2_Y = RULER_PX + 30;
const V1_Y = RULER_PX + 90;

// Two pictures, each with its sound.
const PAIRS = timeline(
  track("V1", [
    [0, 4, 0, 10, 1],
    [4, 7, 0, 10, 2],
  ]),
  track(
    "A1",
    [
      [0, 4, 0, 10, 1],
      [3, 7, 0, 9, 2],
    ],
    "audio",
  ),
);

function makeTimeline(whole = WHOLE) {
  const model = new FakeModel({ selection: [], playhead: 0 });
  const channel = new Channel(model);
  const state = new State(model);
  state.resize(1000, 200);
  state.setTimeline(whole);
  state.setScale({ originS: 0, pxPerS: 100 });
  state.snaps = false;
  const playhead = new Playhead(model);
  const actions = new Actions(
    channel,
    state,
    playhead,
    new Notice(),
    () => undefined,
    () => 1,
  );
  const canvas = document.createElement("canvas");
  const host = document.createElement("div");
  host.append(canvas);
  document.body.append(host);
  const commands = new Commands();
  const subtitles = new SubtitleEdits(actions, commands, canvas);
  const detach = attachPointer(canvas, actions, commands, subtitles);
  const fire = (type: string, x: number, y: number, more: Partial<PointerEvent> = {}) =>
    canvas.dispatchEvent(
      new MouseEvent(type, {
        clientX: x,
        clientY: y,
        button: 0,
        cancelable: true,
        ...more,
      } as MouseEventInit),
    );
  const drag = (from: [number, number], to: [number, number], more = {}) => {
    fire("pointerdown", ...from, more);
    fire("pointermove", ...to, more);
    fire("pointerup", ...to, more);
  };
  // What edits: not the questions of a drag.
  const requests = () =>
    model.sent
      .filter(({ kind }) => kind !== "plan" && kind !== "askTrimFrame")
      .map(({ id: _, view: __, ...body }) => body as Record<string, unknown>);
  const answer = async (refusal = "") => {
    const { id = 0 } = model.sent.at(-1) ?? {};
    if (refusal) model.answer({ kind: "refused", id, message: refusal });
    else model.answer({ kind: "done", id, text: "" });
    await vi.advanceTimersByTimeAsync(0);
  };
  return { model, state, playhead, actions, fire, drag, requests, answer, detach };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe("what goes while it is dragged", () => {
  const without = timeline(
    track("V2", []),
    track("V1", [
      [0, 4],
      [4, 7],
    ]),
  );

  it("ends its drag, which sends nothing and takes no other clip", () => {
    const { state, fire, requests } = makeTimeline();
    fire("pointerdown", 800, V1_Y);
    fire("pointermove", 750, V1_Y);
    expect(state.drag?.request).toBeDefined();
    state.setTimeline(without);
    expect(state.drag).toBeUndefined();
    fire("pointermove", 740, V1_Y);
    fire("pointerup", 740, V1_Y);
    expect(requests()).toEqual([]);
  });

  it("ends a press that had not moved yet", () => {
    const { state, fire, requests } = makeTimeline();
    fire("pointerdown", 800, V1_Y);
    state.setTimeline(without);
    fire("pointermove", 750, V1_Y);
    fire("pointerup", 750, V1_Y);
    expect(state.drag).toBeUndefined();
    expect(state.selection).toEqual([]);
    expect(requests()).toEqual([]);
  });

  it("leaves no notice when the kernel refuses what had just gone", async () => {
    const { model, actions, drag, state } = makeTimeline();
    const told = vi.spyOn(actions.notice, "problem");
    drag([500, V1_Y], [550, V1_Y]);
    const { id = 0 } = model.requests("move").at(-1) ?? {};
    model.answer({ kind: "refused", id, message: "no item c2", isGone: true });
    await vi.advanceTimersByTimeAsync(0);
    expect(told).not.toHaveBeenCalled();
    expect(state.drag).toBeUndefined();
    drag([500, V1_Y], [550, V1_Y]);
    const again = model.requests("move").at(-1)?.id ?? 0;
    model.answer({ kind: "refused", id: again, message: "the track is locked" });
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it("is followed where another edit has moved it", () => {
    const { state, fire, requests } = makeTimeline();
    fire("pointerdown", 500, V1_Y);
    fire("pointermove", 550, V1_Y);
    // A track came above: the clip lies a row lower.
    state.setTimeline(timeline(track("V3", []), ...WHOLE.tracks));
    const y = V1_Y + 60;
    fire("pointermove", 560, y);
    fire("pointerup", 560, y);
    expect(requests()).toMatchObject([
      { kind: "move", anchor: "V1-1", toS: 4.6, up: 0 },
    ]);
  });
});

describe("linked clips", () => {
  // A1 lies where V1 does in the other timeline, below the first row.
  const PICTURE_Y = V2_Y;

  it("are selected and edited together, or with Alt alone", () => {
    const { state, actions, drag, requests } = makeTimeline(PAIRS);
    drag([500, PICTURE_Y], [500, PICTURE_Y]);
    expect(state.selection).toEqual(["V1-1", "A1-1"]);
    actions.remove(false);
    drag([500, PICTURE_Y], [500, PICTURE_Y], { altKey: true });
    expect(state.selection).toEqual(["V1-1"]);
    actions.remove(false);
    // A click without Alt takes them together again.
    drag([500, PICTURE_Y], [500, PICTURE_Y]);
    actions.copy(true);
    expect(requests()).toEqual([
      { kind: "remove", items: ["V1-1", "A1-1"], ripple: false, alone: false },
      { kind: "remove", items: ["V1-1"], ripple: false, alone: true },
      { kind: "copy", items: ["V1-1", "A1-1"], cut: true, alone: false },
    ]);
  });

  it("are cut together by the blade, or with Alt alone", () => {
    const { state, actions, fire, requests } = makeTimeline(PAIRS);
    // What was selected alone before does not matter to the blade.
    state.select(["A1-1"], true);
    state.tool = "blade";
    fire("pointerdown", 500, PICTURE_Y);
    fire("pointerdown", 500, PICTURE_Y, { altKey: true });
    state.linkedSelection = false;
    fire("pointerdown", 500, PICTURE_Y);
    const cuts = requests();
    expect(cuts.map(({ alone }) => alone)).toEqual([false, true, true]);
    expect(cuts.every(({ items }) => String(items) === "V1-1")).toBe(true);
    expect(actions.state.selection).toEqual(["A1-1"]);
  });

  it("are each edited alone without linked selection", () => {
    const { state, actions, drag, requests } = makeTimeline(PAIRS);
    state.linkedSelection = false;
    drag([500, PICTURE_Y], [650, PICTURE_Y]);
    expect(state.drag?.ghosts).toHaveLength(1);
    expect(state.selection).toEqual(["V1-1"]);
    actions.nudge(1, 0);
    drag([698, PICTURE_Y], [648, PICTURE_Y]);
    actions.split();
    const alone = { alone: true };
    expect(requests()).toMatchObject([
      { kind: "move", items: ["V1-1"], ...alone },
      { kind: "move", items: ["V1-1"], ...alone },
      { kind: "trim", item: "V1-1", ...alone },
      { kind: "split", items: ["V1-1"], ...alone },
    ]);
  });

  it("show that they are trimmed together, where their edges meet", () => {
    const { state, drag } = makeTimeline(PAIRS);
    drag([698, PICTURE_Y], [648, PICTURE_Y]);
    expect(state.drag?.ghosts.map(({ row, item }) => [row, item])).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it("are not linked again, and what is linked to nothing is not unlinked", () => {
    const { state, actions } = makeTimeline(PAIRS);
    state.select(["V1-1", "A1-1"]);
    expect(actions.canLink).toBe(false);
    state.select(["V1-1", "A1-0"]);
    expect(actions.canLink).toBe(true);
    state.select(["V1-1"]);
    expect(actions.canLink).toBe(false);
    const unlink = (row: number) => {
      const place = { row, item: 1, zone: "body", seconds: 5 } as const;
      const groups = choicesAt(place, actions, new Commands(), document.body);
      return groups.flat().find(({ label }) => label === "Unlink")?.disabled;
    };
    expect(unlink(0)).toBe(false);
    const [pictures] = PAIRS.tracks;
    // The sound is gone: the link that is left is to nothing.
    state.setTimeline({ ...PAIRS, tracks: pictures ? [pictures] : [] });
    expect(unlink(0)).toBe(true);
  });
});

describe("the pointer on a timeline", () => {
  it("selects a clip by a click, and adds others with Shift", () => {
    const { state, drag } = makeTimeline();
    drag([200, V1_Y], [201, V1_Y]);
    expect(state.selection).toEqual(["V1-0"]);
    drag([500, V1_Y], [500, V1_Y], { shiftKey: true });
    expect(state.selection).toEqual(["V1-0", "V1-1"]);
    drag([200, V1_Y], [200, V1_Y], { shiftKey: true });
    expect(state.selection).toEqual(["V1-1"]);
    drag([950, V1_Y], [950, V1_Y]);
    expect(state.selection).toEqual([]);
  });

  it("moves a clip, and keeps its ghost until the kernel has answered", async () => {
    const { state, drag, requests, answer } = makeTimeline();
    drag([800, V1_Y], [950, V2_Y]);
    expect(requests()).toEqual([
      { kind: "move", items: ["V1-2"], anchor: "V1-2", toS: 8.52, up: 1, alone: false },
    ]);
    expect(state.drag?.ghosts).toMatchObject([{ row: 0, startS: 8.52 }]);
    await answer("there is no room");
    expect(state.drag).toBeUndefined();
  });

  it("takes a small move as a click", () => {
    const { state, drag, requests } = makeTimeline();
    // Two pixels are two and a half frames here.
    state.setScale({ originS: 0, pxPerS: 20 });
    drag([100, V1_Y], [102, V1_Y + 2]);
    expect(requests()).toEqual([]);
  });

  it("trims by an edge, with the tool that is chosen", () => {
    const { state, drag, requests } = makeTimeline();
    drag([898, V1_Y], [848, V1_Y]);
    const own = { item: "V1-2", edge: "tail", toS: 8.52, alone: false };
    const trim = { kind: "trim", ...own };
    expect(requests()).toEqual([{ ...trim, tool: "trim" }]);
    state.drag = undefined;
    state.tool = "ripple";
    drag([898, V1_Y], [848, V1_Y]);
    expect(requests()[1]).toEqual({ ...trim, tool: "ripple" });
  });

  it("cancels a drag", () => {
    const { state, fire, requests } = makeTimeline();
    fire("pointerdown", 500, V1_Y);
    fire("pointermove", 600, V1_Y);
    expect(state.drag).toBeDefined();
    fire("pointercancel", 600, V1_Y);
    fire("pointerup", 600, V1_Y);
    expect(state.drag).toBeUndefined();
    expect(requests()).toEqual([]);
  });

  it("selects what a rectangle touches", () => {
    const { state, fire } = makeTimeline();
    fire("pointerdown", 950, V2_Y);
    fire("pointermove", 650, V1_Y);
    expect(state.marquee).toEqual([650, V2_Y, 300, V1_Y - V2_Y]);
    expect(state.selection).toEqual(["V1-1", "V1-2"]);
    fire("pointermove", 750, V1_Y);
    expect(state.selection).toEqual(["V1-2"]);
    fire("pointerup", 750, V1_Y);
    expect(state.marquee).toBeUndefined();
  });

  it("cuts with the blade on a frame, or at the playhead when near", () => {
    const { state, playhead, fire, requests } = makeTimeline();
    state.tool = "blade";
    fire("pointerdown", 201, V1_Y);
    state.snaps = true;
    playhead.move(5.02);
    fire("pointerdown", 507, V1_Y);
    fire("pointerdown", 507, V1_Y, { shiftKey: true });
    expect(requests()).toEqual([
      { kind: "split", items: ["V1-0"], atS: 2, alone: false },
      { kind: "split", items: ["V1-1"], atS: 5.02, alone: false },
      { kind: "split", items: [], atS: 5.02, alone: false },
    ]);
  });

  it("zooms around the pointer, and scrolls sideways", () => {
    const { state } = makeTimeline();
    const wheel = (more: WheelEventInit) => {
      const event = new MouseEvent("wheel", { clientX: 300, clientY: V1_Y, ...more });
      Object.assign(event, { deltaX: 0, deltaY: 0, ...more });
      document.querySelector("canvas")?.dispatchEvent(event);
    };
    const seconds = (x: number) => state.scale.originS + x / state.scale.pxPerS;
    state.setScale({ originS: 2, pxPerS: 100 });
    wheel({ ctrlKey: true, deltaY: -200 });
    // A step of 200 pixels zooms by e to the power of 0.44.
    expect(state.scale.pxPerS).toBeCloseTo(155.27, 2);
    expect(seconds(300)).toBeCloseTo(5);
    const before = state.scale.originS;
    wheel({ deltaX: 50 });
    expect((state.scale.originS - before) * state.scale.pxPerS).toBeCloseTo(50);
  });

  it("shows the name of what it is over, and forgets it when it leaves", () => {
    const { state, fire } = makeTimeline();
    fire("pointermove", 500, V1_Y);
    expect(state.hover).toBe("V1-1");
    fire("pointerleave", 500, V1_Y);
    expect(state.hover).toBe("");
  });

  it("plans one change at a time, and shows what the kernel says", async () => {
    const { model, state, fire } = makeTimeline();
    fire("pointerdown", 800, V1_Y);
    fire("pointermove", 850, V1_Y);
    fire("pointermove", 870, V1_Y);
    fire("pointermove", 300, V1_Y);
    const plans = () => model.sent.filter(({ kind }) => kind === "plan");
    expect(plans()).toHaveLength(1);
    const lost = [{ track: "V1", startS: 2, endS: 4 }];
    const { id = 0 } = plans()[0] ?? {};
    model.answer({ kind: "planned", id, view: "", placed: [], lost, pushed: [] });
    await vi.advanceTimersByTimeAsync(0);
    expect(state.drag?.plan?.lost).toEqual(lost);
    // The one in between was never asked.
    expect(plans().map(({ change }) => (change as { toS: number }).toS)).toEqual([
      7.52, 2,
    ]);
    const { id: second = 0 } = plans()[1] ?? {};
    model.answer({ kind: "refused", id: second, message: "V1 is locked" });
    await vi.advanceTimersByTimeAsync(0);
    expect(state.drag?.problem).toBe("V1 is locked");
    expect(document.querySelector(".tnb-drag-problem")?.textContent).toBe(
      "V1 is locked",
    );
  });

  it("places media as its ghost showed, over what is there or between", () => {
    const { requests, state } = makeTimeline();
    const canvas = document.querySelector("canvas");
    const dataTransfer = {
      types: [MEDIA],
      setData: () => undefined,
      getData: () => "",
      dropEffect: "",
    };
    const send = (type: string, more: object) => {
      const event = new MouseEvent(type, { clientX: 203, clientY: V1_Y, ...more });
      Object.assign(event, { dataTransfer });
      if (type === "dragstart") {
        startMediaDrag(event as DragEvent, {
          name: "street.mp4",
          request: (place) => ({
            kind: "placeMedia",
            path: "street.mp4",
            ...placeFields(place),
          }),
        });
      } else canvas?.dispatchEvent(event);
    };
    send("dragstart", {});
    send("dragover", {});
    expect(state.drop).toMatchObject({ mode: "overwrite", atS: 2.04, track: "V1" });
    // Where it is let go, the pointer has moved on: the ghost counts.
    send("drop", { clientX: 400 });
    send("dragover", { shiftKey: true });
    send("drop", { shiftKey: true });
    expect(state.drop).toBeUndefined();
    const place = {
      kind: "placeMedia",
      path: "street.mp4",
      atS: 2.04,
      track: "V1",
      onNewTrack: false,
    };
    expect(requests()).toEqual([
      { ...place, mode: "overwrite" },
      { ...place, mode: "insert" },
    ]);
    // Below all tracks it gets one of its own; what is inserted goes to the target.
    send("dragover", { clientY: 350 });
    expect(state.drop).toMatchObject({ mode: "overwrite", onNewTrack: true });
    send("dragover", { clientY: 350, shiftKey: true });
    expect(state.drop).toMatchObject({ mode: "insert", onNewTrack: false });
  });

  it("adds up presses of an arrow that come before the answer", async () => {
    const { actions, state, requests, answer } = makeTimeline();
    state.select(["V1-2"]);
    for (let n = 0; n < 5; n++) actions.nudge(1, 0);
    const times = requests().map(({ toS }) => Number(toS));
    expect(times.map((toS) => Math.round((toS - 7) * 25))).toEqual([1, 2, 3, 4, 5]);
    await answer("V1 is locked");
    actions.nudge(-1, 0);
    // After a refusal it counts from where the clip lies.
    expect(Number(requests().at(-1)?.toS)).toBeCloseTo(6.96);
  });

  it("listens no more once it is detached", () => {
    const { state, drag, detach } = makeTimeline();
    detach();
    drag([200, V1_Y], [200, V1_Y]);
    expect(state.selection).toEqual([]);
  });
});
