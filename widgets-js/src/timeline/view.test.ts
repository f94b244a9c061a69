// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Channel } from "../channel";
import { Playhead } from "../playhead";
import { Targets } from "../targets";
import { FakeModel } from "../test/model";
import { Commands } from "../ui/commands";
import { Notice } from "../ui/notice";
import { Settings } from "../ui/settings";
import { makeTimeline, type TimelineView } from "./view";

let model: FakeModel;
let channel: Channel;
let timeline: TimelineView;
let commands: Commands;
let targets: Targets;

beforeEach(() => {
  model = new FakeModel({ selection: [], playhead: 0, solo: [], track_looks: {} });
  channel = new Channel(model);
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  commands = new Commands();
  targets = new Targets();
  timeline = makeTimeline({
    model,
    channel,
    playhead: new Playhead(model),
    notice: new Notice(),
    commands,
    settings: new Settings(channel),
    targets,
    root,
  });
  root.append(timeline.element);
});

afterEach(() => {
  timeline.close();
  channel.close();
  vi.unstubAllGlobals();
});

const show = (path: readonly string[], durationS = 9) =>
  model.answer({
    kind: "timeline",
    name: path.at(-1) ?? "",
    path,
    rateNum: 25,
    rateDen: 1,
    durationS,
    tracks: [],
    markers: [],
    media: [],
  });

it("a change leaves the focus in the path of nested timelines, unless that changed", () => {
  const canvas = timeline.element.querySelector(".tnb-tracks-area > canvas");
  const button = () =>
    timeline.element.querySelector<HTMLElement>(".tnb-nested-path button");
  show(["film", "intro"]);
  button()?.focus();
  show(["film", "intro"], 8);
  expect(document.activeElement).toBe(button());
  show(["film"]);
  expect(document.activeElement).toBe(canvas);
});

it("is drawn on a page so small that its overview has no pixel", async () => {
  vi.stubGlobal("devicePixelRatio", 0.3);
  const problems: unknown[] = [];
  const overview = timeline.element.querySelector(".tnb-overview-canvas");
  const drawn = vi.fn((picture: HTMLCanvasElement) => {
    // As the HTML standard has it for a canvas without pixels.
    if (!picture.width) problems.push(new DOMException("", "InvalidStateError"));
  });
  const context = new Proxy({ drawImage: drawn } as Record<string, unknown>, {
    get: (own, name) => own[name as string] ?? (() => undefined),
    set: () => true,
  });
  if (overview) Object.assign(overview, { getContext: () => context });
  show(["film"]);
  await vi.waitFor(() => expect(drawn).toHaveBeenCalled());
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(problems).toEqual([]);
});

it("tells the other parts whether clips are edited without what is linked", () => {
  expect(targets.alone).toBe(false);
  commands.find("timeline.linkedSelection")?.run?.();
  expect(targets.alone).toBe(true);
});
