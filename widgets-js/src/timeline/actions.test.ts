// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { Channel } from "../channel";
import { Playhead } from "../playhead";
import { FakeModel } from "../test/model";
import { Notice } from "../ui/notice";
import { Actions } from "./actions";
import { timeline, track } from "./fixtures";
import { NO_SESSION, State } from "./state";

it("shows what can be undone once a request is answered", async () => {
  const model = new FakeModel({ selection: [], playhead: 0 });
  const state = new State(model);
  const shown: boolean[] = [];
  const actions: Actions = new Actions(
    new Channel(model),
    state,
    new Playhead(model),
    new Notice(),
    () => shown.push(actions.canUndo),
    () => 1,
  );
  const undone = actions.undo();
  // The session is drawn before the answer comes: a step may still be made.
  state.session = NO_SESSION;
  actions.redraw();
  expect(shown).toEqual([true]);
  model.answer({ kind: "done", id: model.sent.at(-1)?.id ?? 0, text: "" });
  await undone;
  expect(shown.at(-1)).toBe(false);
});

it("sets in and out around what is selected, else the topmost item", () => {
  const model = new FakeModel({ selection: [], playhead: 1 });
  const state = new State(model);
  state.setTimeline(
    timeline(
      track("V2", [[0, 3]]),
      track("V1", [
        [0, 4],
        [4, 7],
      ]),
    ),
  );
  const playhead = new Playhead(model);
  const actions = new Actions(
    new Channel(model),
    state,
    playhead,
    new Notice(),
    () => undefined,
    () => 1,
  );
  actions.markClip();
  expect(playhead.range).toEqual({ inS: 0, outS: 3 });
  state.select(["V1-0", "V1-1"]);
  actions.markClip();
  expect(playhead.range).toEqual({ inS: 0, outS: 7 });
});
