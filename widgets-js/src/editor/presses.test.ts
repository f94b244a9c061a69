// @vitest-environment happy-dom
/** Each panel is pressed while a message redraws it: the press arrives. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeOffline } from "../bin/relink";
import { makeBin } from "../bin/view";
import { Channel } from "../channel";
import type { WidgetContext } from "../context";
import { makePanel } from "../overlay/panel";
import { makePermissions } from "../permissions/view";
import { Playhead } from "../playhead";
import type { BinItem, HistoryView, MarkerView, OfflineFileView } from "../protocol";
import { makeComments } from "../review/comments";
import { Targets } from "../targets";
import { FakeModel } from "../test/model";
import { pressOver } from "../test/press";
import { Actions } from "../timeline/actions";
import { timeline, track } from "../timeline/fixtures";
import { makeHeaders } from "../timeline/headers";
import { makeNestedPath } from "../timeline/nestedPath";
import { State } from "../timeline/state";
import { Commands } from "../ui/commands";
import { Notice } from "../ui/notice";
import { Settings } from "../ui/settings";
import { makeHistory } from "./history";
import { makeMarkers } from "./markers";

vi.mock("../later", () => ({ loadLater: () => import("../entry/editorLater") }));

let model: FakeModel;
let context: WidgetContext;

const rate = { num: 25, den: 1 };
const marker = (name: string, startS: number): MarkerView => ({
  name,
  startS,
  durationS: 0,
  color: "red",
  note: "",
});
const find = (element: Element, selector: string, text = "") =>
  [...element.querySelectorAll<HTMLElement>(selector)].find((one) =>
    one.textContent?.includes(text),
  );

beforeEach(() => {
  model = new FakeModel({ playhead: 0, selection: [], solo: [] });
  const channel = new Channel(model);
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  context = {
    model,
    channel,
    playhead: new Playhead(model),
    notice: new Notice(),
    commands: new Commands(),
    settings: new Settings(channel),
    targets: new Targets(),
    root,
  };
});

afterEach(() => context.channel.close());

describe("a press arrives though a message comes into it, on", () => {
  it("a marker, whose place in the edit is another one then", async () => {
    const { element } = makeMarkers(context);
    context.root.append(element);
    const tell = (...markers: MarkerView[]) =>
      model.answer({ kind: "timeline", rateNum: 25, rateDen: 1, markers });
    tell(marker("intro", 1), marker("verse", 3));
    const added = () => tell(marker("new", 0), marker("intro", 1), marker("verse", 3));
    await pressOver(find(element, ".tnb-marker-clock", "00:00:03:00"), added);
    expect(context.playhead.seconds).toBe(3);
    tell(marker("intro", 1), marker("verse", 3));
    const remove = find(element, "[aria-label='Delete verse']");
    await pressOver(remove, added);
    expect(model.requests("removeMarker")).toMatchObject([{ marker: 2 }]);
    const gone = () => tell(marker("verse", 3));
    await pressOver(find(element, "[aria-label='Delete intro']"), gone);
    expect(model.requests("removeMarker")).toHaveLength(1);
    expect(element.querySelectorAll("li")).toHaveLength(1);
    // A menu stays on its marker, whatever it is called by then.
    find(element, ".tnb-marker-swatch")?.click();
    tell(marker("first", 0), marker("verse", 3));
    tell(marker("first", 0), marker("chorus", 3));
    find(document.body, "[role^=menuitem]", "Blue")?.click();
    expect(model.requests("setMarker")).toMatchObject([{ marker: 1, color: "blue" }]);
  });

  it("a step of the history, of which the oldest is forgotten meanwhile", async () => {
    const { element } = makeHistory(context);
    context.root.append(element);
    const tell = (first: number, labels: string[]) => {
      const history = { first, labels, now: first + 3, saved: 0, isSaved: false };
      model.answer({ kind: "history", ...history } as Partial<HistoryView>);
    };
    tell(5, ["cut", "move", "trim", "fade"]);
    const step = find(element, ".tnb-step", "Trim");
    await pressOver(step, () => tell(6, ["move", "trim", "fade", "cut"]));
    expect(model.requests("goToStep")).toMatchObject([{ step: 7 }]);
  });

  it("an offline file", async () => {
    const file = (name: string): OfflineFileView => ({
      path: `/films/${name}`,
      name,
      reason: "it is gone",
      usedBy: ["V1"],
      isRefused: false,
    });
    const { element } = makeOffline(context);
    context.root.append(element);
    model.answer({ kind: "offline", files: [file("a.mp4")], replaced: [] });
    context.commands.run("bin.relink");
    const tell = () =>
      model.answer({
        kind: "offline",
        files: [file("0.mp4"), file("a.mp4")],
        replaced: [],
      });
    const button = find(document.body, ".tnb-offline-list button");
    await pressOver(button, tell);
    await vi.waitFor(() =>
      expect(find(document.body, "h2", "Folder to search")).toBeTruthy(),
    );
  });

  it("a comment", async () => {
    const { channel, playhead, notice, root } = context;
    const { element } = makeComments(channel, playhead, notice, () => rate);
    root.append(element);
    const comment = (text: string, atS: number) => ({
      text,
      atS,
      durationS: 0,
      author: "Ada",
      written: "",
    });
    model.answer({ kind: "comments", comments: [comment("louder", 2)] });
    const comments = [comment("darker", 1), comment("louder", 2)];
    const go = find(element, "li button", "00:00:02:00");
    await pressOver(go, () => model.answer({ kind: "comments", comments }));
    expect(playhead.seconds).toBe(2);
  });

  it("a label of detections", async () => {
    const layer = { labels: ["cat", "dog"], colors: [0, 1], redraw: () => undefined };
    model.traits.visible_classes = ["cat", "dog"];
    model.traits.min_score = 0.5;
    const { element } = makePanel(model, context.channel, layer as never);
    context.root.append(element);
    const tell = (...counts: number[]) =>
      model.answer({ kind: "overlay", counts, hasTracks: false });
    tell(1, 2);
    await pressOver(find(element, ".tnb-label", "dog")?.querySelector("input"), () =>
      tell(1, 3),
    );
    expect(model.traits.visible_classes).toEqual(["cat"]);
    expect(find(element, ".tnb-label", "dog")?.textContent).toBe("dog3");
  });

  it("a medium of the bin, and its picture keeps its address", async () => {
    const item = (name: string): BinItem =>
      ({
        path: `/films/${name}`,
        name,
        kind: "video",
        durationS: 4,
        size: "64x36",
        rate: "25",
        fingerprint: name,
        buffer: 0,
        folder: "/films",
      }) as BinItem;
    vi.spyOn(URL, "createObjectURL").mockImplementation(
      () => `blob:${Math.random().toString(36)}`,
    );
    const { element } = makeBin(context, () => undefined);
    context.root.append(element);
    const picture = new DataView(new ArrayBuffer(8));
    const tell = (...names: string[]) =>
      model.answer({ kind: "bin", items: names.map(item), problems: [] }, [picture]);
    tell("b.mp4");
    const tile = () => find(element, ".tnb-medium", "b.mp4");
    const source = tile()?.querySelector("img")?.src;
    await pressOver(tile(), () => tell("a.mp4", "b.mp4"));
    expect(tile()?.getAttribute("aria-selected")).toBe("true");
    expect(tile()?.querySelector("img")?.src).toBe(source);
    expect(element.querySelectorAll(".tnb-medium")).toHaveLength(2);
  });

  it("a permission", async () => {
    const element = makePermissions(context.channel);
    context.root.append(element);
    const ask = (permission: string) => ({
      permission,
      sentence: permission,
      target: "",
      example: "",
      isNever: false,
      isGranted: false,
      granted: [],
    });
    const tell = (...names: string[]) =>
      model.answer({
        kind: "permissions",
        name: "One",
        facts: "",
        about: "",
        asks: names.map(ask),
        requires: [],
        refused: [],
        isRemoved: false,
      } as never);
    tell("ui:panel");
    const box = find(element, "[data-permission='ui:panel']") as HTMLInputElement;
    await pressOver(box, () => tell("network:*", "ui:panel"));
    find(element, "[data-testid=allow]")?.click();
    expect(model.requests("allowPermissions")).toMatchObject([
      { permissions: ["ui:panel"] },
    ]);
  });

  describe("the timeline's", () => {
    let state: State;
    let actions: Actions;

    beforeEach(() => {
      const { channel, playhead, notice } = context;
      state = new State(model);
      actions = new Actions(
        channel,
        state,
        playhead,
        notice,
        () => undefined,
        () => 1,
      );
    });

    it("header of a track, when another one is added", async () => {
      const headers = makeHeaders(actions);
      context.root.append(headers.element);
      const tell = (...names: string[]) => {
        state.setTimeline(timeline(...names.map((name) => track(name, [[0, 1]]))));
        headers.update();
      };
      tell("V1");
      const mute = find(headers.element, "[data-toggle=visible]");
      await pressOver(mute, () => tell("V2", "V1"));
      expect(model.requests("setTrack")).toMatchObject([
        { track: "V1", enabled: false },
      ]);
      expect(find(headers.element, "[data-toggle=visible]")).toBeTruthy();
      expect(headers.element.querySelectorAll(".tnb-track-header")).toHaveLength(2);
      expect(mute?.isConnected).toBe(true);
    });

    it("way out of a nested timeline", async () => {
      const path = makeNestedPath(actions);
      context.root.append(path.element);
      const closed = vi
        .spyOn(actions, "closeNested")
        .mockResolvedValue(undefined as never);
      path.show(["film", "scene"]);
      await pressOver(find(path.element, "button"), () =>
        path.show(["film", "scene", "shot"]),
      );
      expect(closed.mock.calls).toEqual([[0]]);
      expect(path.element.textContent).toBe("filmsceneshot");
    });
  });

  it("a notice that is said again", async () => {
    const undo = vi.fn();
    const say = () =>
      context.notice.say("Clip deleted", "info", [{ label: "Undo", run: undo }]);
    context.root.append(context.notice.element);
    say();
    const button = find(context.notice.element, "button", "Undo");
    await pressOver(button, () => {
      say();
      for (const text of ["a", "b"]) context.notice.say(text);
    });
    expect(undo).toHaveBeenCalledTimes(1);
  });
});
