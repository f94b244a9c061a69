// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { Channel } from "../channel";
import { Playhead } from "../playhead";
import { FakeModel } from "../test/model";
import { onEditText } from "../textEdit";
import { Commands } from "../ui/commands";
import { Notice } from "../ui/notice";
import { Actions } from "./actions";
import { timeline, track } from "./fixtures";
import { SUBTITLE } from "./model";
import { State } from "./state";
import { SubtitleEdits } from "./subtitles";

let model: FakeModel;
let playhead: Playhead;
let commands: Commands;
let subtitles: SubtitleEdits;
let edited: string[];
const command = (id: string, run: () => void) =>
  commands.add({ id, label: id, group: "", run });

beforeEach(() => {
  model = new FakeModel({ selection: [], playhead: 1 });
  const channel = new Channel(model);
  const state = new State(model);
  state.setTimeline(timeline(track("S1", [[3, 5, SUBTITLE]], "subtitle")));
  playhead = new Playhead(model);
  const nothing = () => undefined;
  const actions = new Actions(channel, state, playhead, new Notice(), nothing, () => 1);
  commands = new Commands();
  const root = document.createElement("div");
  edited = [];
  onEditText(root, (item) => edited.push(item));
  subtitles = new SubtitleEdits(actions, commands, root);
});

it("adds a line where playback stops, with the picture in sight", async () => {
  const done: string[] = [];
  command("timeline.focus", () => done.push("focus"));
  // Playback stops at the frame that is seen.
  command("player.pause", () => {
    done.push("pause");
    playhead.move(1.4);
  });
  const added = subtitles.add();
  expect(done).toEqual(["focus", "pause"]);
  const [asked] = model.requests("addSubtitle");
  expect(asked).toMatchObject({ atS: 1.4, text: "Text" });
  model.answer({ kind: "done", id: asked?.id ?? 0, text: "s7" });
  await added;
  expect(edited).toEqual(["s7"]);
  expect(model.traits.selection).toEqual(["s7"]);
  expect(playhead.seconds).toBe(1.4);
});

it("goes to a line that is written, and stays where it is seen", () => {
  const stopped: number[] = [];
  command("player.pause", () => stopped.push(playhead.seconds));
  subtitles.write("S1-0", 3);
  expect(playhead.seconds).toBe(3);
  playhead.move(4);
  subtitles.write("S1-0", 3);
  expect(playhead.seconds).toBe(4);
  expect(stopped).toEqual([1, 4]);
  expect(edited).toEqual(["S1-0", "S1-0"]);
});
