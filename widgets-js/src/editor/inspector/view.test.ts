// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel } from "../../channel";
import { Playhead } from "../../playhead";
import type { ClipDetails, EffectView, ParameterView } from "../../protocol";
import { Targets } from "../../targets";
import { FakeModel } from "../../test/model";
import { pressOver } from "../../test/press";
import { Commands } from "../../ui/commands";
import { Notice } from "../../ui/notice";
import { Settings } from "../../ui/settings";
import { type Inspector, makeInspector } from "./view";

const CLIP: ClipDetails = {
  id: "c1",
  name: "bikes",
  media: "bikes.mp4",
  track: "V1",
  startS: 0,
  durationS: 4,
  sourceStartS: 10,
  hasPictures: true,
  hasSound: false,
  x: 0.5,
  y: 0.5,
  scale: 1,
  rotationDeg: 0,
  opacity: 1,
  fit: "fit",
  blend: "normal",
  crop: [0, 0, 0, 0],
  gainDb: 0,
  pan: 0,
  fadeInS: 0,
  fadeOutS: 0,
  speed: 1,
  keepPitch: true,
  blendFrames: false,
  ramp: [],
  rates: [],
  keys: {},
};

const PARAMETER: ParameterView = {
  name: "amount",
  label: "Amount",
  type: "number",
  value: 1,
  default: 1,
  low: 0,
  high: 1,
  unit: "%",
  factor: 100,
  doc: "",
  choices: [],
  choiceLabels: [],
  canBeKeyed: true,
  keys: [],
  curve: [],
};

const EFFECT: EffectView = {
  owner: "c1",
  number: 0,
  name: "sepia",
  label: "Sepia",
  medium: "picture",
  enabled: true,
  parameters: [PARAMETER],
  problem: "",
};

let model: FakeModel;
let channel: Channel;
let inspector: Inspector;
let targets: Targets;
let root: HTMLElement;

const one = <E extends HTMLElement = HTMLInputElement>(selector: string): E => {
  const found = root.querySelector<E>(selector);
  if (!found) throw new Error(`there is no ${selector}`);
  return found;
};
const clips = (...shown: ClipDetails[]) =>
  model.answer({ kind: "inspector", clips: shown });
const effects = (...shown: EffectView[]) =>
  model.answer({
    kind: "effects",
    owner: "c1",
    owners: ["c1"],
    media: ["picture"],
    startS: 0,
    durationS: 4,
    effects: shown,
    cutIn: null,
    cutOut: null,
  });
const field = (name: string) => one(`[data-field="${name}"]`);
const type = (name: string, text: string) => {
  const input = field(name);
  input.focus();
  input.value = text;
  input.dispatchEvent(new Event("input"));
};
const press = (input: HTMLElement, key: string) =>
  input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

beforeEach(() => {
  model = new FakeModel({ playhead: 0 });
  channel = new Channel(model);
  root = document.createElement("div");
  document.body.append(root);
  targets = new Targets();
  inspector = makeInspector({
    model,
    channel,
    playhead: new Playhead(model),
    notice: new Notice(),
    commands: new Commands(),
    settings: new Settings(channel),
    targets,
    root,
  });
  root.append(inspector.element);
});

afterEach(() => {
  inspector.close();
  channel.close();
  root.remove();
  window.localStorage.clear();
});

describe("the inspector", () => {
  it("sends what is typed as one step, in stored units", () => {
    clips(CLIP);
    type("scale", "1920/16");
    press(field("scale"), "Enter");
    field("scale").blur();
    const [sent, ...others] = model.requests("setClips");
    expect(sent).toMatchObject({ items: ["c1"], scale: 1.2 });
    expect(others).toEqual([]);
  });

  it("keeps what is typed while the edit changes, and Escape gives it up", () => {
    clips(CLIP);
    type("scale", "13");
    clips({ ...CLIP, scale: 2, rotationDeg: 45 });
    expect(field("scale").value).toBe("13");
    expect(field("rotationDeg").value).toBe("45");
    press(field("scale"), "Escape");
    expect(field("scale").value).toBe("200");
    expect(model.requests("setClips")).toEqual([]);
  });

  it("goes on from a speed that was asked for and is not shown yet", async () => {
    clips({ ...CLIP, speed: -1 });
    const reverse = one('[data-group="speed"] .tnb-keys button');
    reverse.click();
    type("speed", "200");
    press(field("speed"), "Enter");
    reverse.click();
    const speeds = () => model.requests("retime").map(({ speed }) => speed);
    expect(speeds()).toEqual([1, 2, -2]);
    // What was done, or refused, is shown by then.
    for (const { id } of model.requests("retime")) model.answer({ kind: "done", id });
    await new Promise((resolve) => setTimeout(resolve));
    reverse.click();
    expect(speeds().at(-1)).toBe(1);
  });

  it("takes linked sound along unless clips are chosen alone", () => {
    let isAlone = false;
    targets.use(
      () => undefined,
      () => isAlone,
    );
    clips({ ...CLIP, hasSound: true });
    for (isAlone of [false, true]) {
      type("speed", isAlone ? "50" : "200");
      press(field("speed"), "Enter");
    }
    const sent = model.requests("retime").map(({ speed, alone }) => [speed, alone]);
    expect(sent).toEqual([
      [2, false],
      [0.5, true],
    ]);
  });

  it("refuses what is no number, and keeps within the range", () => {
    clips(CLIP);
    type("opacity", "lots");
    press(field("opacity"), "Enter");
    expect(field("opacity").value).toBe("100");
    type("opacity", "-20");
    press(field("opacity"), "Enter");
    expect(model.requests("setClips")).toHaveLength(1);
    expect(model.requests("setClips")[0]).toMatchObject({ opacity: 0 });
  });

  it("shows mixed values, and sets them for all", () => {
    clips(CLIP, { ...CLIP, id: "c3", scale: 2 });
    expect(field("scale").value).toBe("");
    expect(field("scale").placeholder).toBe("Mixed");
    expect(field("rotationDeg").value).toBe("0");
    type("scale", "50");
    press(field("scale"), "Enter");
    expect(model.requests("setClips")[0]).toMatchObject({
      items: ["c1", "c3"],
      scale: 0.5,
    });
  });

  it("changes sound of clips on tracks of sound alone", () => {
    const sound = {
      ...CLIP,
      id: "c2",
      track: "A1",
      hasPictures: false,
      hasSound: true,
    };
    clips(CLIP, sound);
    type("gainDb", "-6 dB");
    press(field("gainDb"), "Enter");
    expect(model.requests("setClips")[0]).toMatchObject({ items: ["c2"], gainDb: -6 });
  });

  it("shows a drag of a label in the player, and makes one step at its end", async () => {
    clips(CLIP);
    const label = [...root.querySelectorAll<HTMLElement>(".tnb-scrubbable")].find(
      (own) => own.textContent === "Rotation",
    );
    const at = (name: string, clientX: number) =>
      label?.dispatchEvent(
        new PointerEvent(name, { clientX, pointerId: 1, button: 0 }),
      );
    at("pointerdown", 100);
    for (const x of [104, 110, 120]) at("pointermove", x);
    expect(model.requests("setClips")).toEqual([]);
    expect(model.requests("draft").length).toBeGreaterThan(0);
    at("pointerup", 120);
    expect(model.requests("setClips")).toHaveLength(1);
    // A pixel is a degree.
    expect(model.requests("setClips")[0]).toMatchObject({ rotationDeg: 20 });
  });

  it("ends a drag in silence when what it changes is gone", async () => {
    const label = (text: string) =>
      [...root.querySelectorAll<HTMLElement>(".tnb-scrubbable")].find(
        (own) => own.textContent === text,
      );
    const drag = (target: HTMLElement | undefined, meanwhile: () => void) => {
      const at = (name: string, clientX: number) =>
        target?.dispatchEvent(
          new PointerEvent(name, { clientX, pointerId: 1, button: 0, bubbles: true }),
        );
      at("pointerdown", 100);
      at("pointermove", 120);
      meanwhile();
      at("pointermove", 130);
      at("pointerup", 130);
    };
    clips(CLIP);
    effects(EFFECT);
    drag(label("Rotation"), () => clips({ ...CLIP, id: "c9" }));
    drag(label("Amount"), () => effects());
    expect(model.requests("setClips")).toEqual([]);
    expect(model.requests("changeEffect")).toEqual([]);
    // The row goes once its press has ended.
    await vi.waitFor(() => expect(label("Amount")).toBeUndefined());
    drag(label("Rotation"), () => clips({ ...CLIP, id: "c9", scale: 3 }));
    expect(model.requests("setClips")).toMatchObject([{ items: ["c9"] }]);
  });

  it("says nothing when the kernel refuses what had just gone", async () => {
    clips(CLIP);
    const refuse = async (more: object) => {
      type("scale", String(Math.random()));
      press(field("scale"), "Enter");
      const { id = 0, view = "" } = model.requests("setClips").at(-1) ?? {};
      model.answer({ kind: "refused", id, view, message: "no item", ...more });
      await Promise.resolve();
    };
    const told = vi.spyOn(Notice.prototype, "say");
    await refuse({ isGone: true });
    await vi.waitFor(() => expect(model.requests("draft").length).toBeGreaterThan(0));
    expect(told).not.toHaveBeenCalled();
    await refuse({});
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
    told.mockRestore();
  });

  it("remembers which groups are collapsed", () => {
    clips(CLIP);
    one<HTMLButtonElement>("[data-group=transform] .tnb-group-toggle").click();
    expect(one<HTMLElement>("[data-group=transform] .tnb-group-body").hidden).toBe(
      true,
    );
    const again = makeInspector({
      model,
      channel,
      playhead: new Playhead(model),
      notice: new Notice(),
      commands: new Commands(),
      settings: new Settings(channel),
      targets: new Targets(),
      root,
    });
    const group = again.element.querySelector<HTMLElement>(
      "[data-group=transform] .tnb-group-body",
    );
    expect(group?.hidden).toBe(true);
    again.close();
  });
});

describe("effects", () => {
  it("keep their fields while values change, and are reset", () => {
    effects(EFFECT);
    const before = field("amount");
    expect(one("[data-effect=sepia] .tnb-group-title").textContent).toBe("Sepia");
    type("amount", "4");
    effects({ ...EFFECT, enabled: false });
    expect(field("amount")).toBe(before);
    expect(before.value).toBe("4");
    press(before, "Enter");
    expect(model.requests("changeEffect")[0]).toMatchObject({
      owner: "c1",
      number: 0,
      parameter: "amount",
      value: 0.04,
    });
    one<HTMLButtonElement>("[data-parameter=amount] .tnb-reset").click();
    expect(model.requests("changeEffect")[1]).toMatchObject({
      parameter: "amount",
      reset: true,
    });
  });

  it("say what is wrong with one of a missing plugin", () => {
    const problem = "the plugin org.example.film is missing: install it";
    effects({
      ...EFFECT,
      name: "org.example.film/glow",
      label: "Glow",
      parameters: [],
      problem,
    });
    expect(one<HTMLElement>(".tnb-problem").textContent).toBe(problem);
  });

  it("that go while they are pressed or typed into leave the others alone", async () => {
    const other = { ...EFFECT, name: "blur", label: "Blur" };
    const both = () => effects(EFFECT, { ...other, number: 1 });
    const box = "[data-effect=sepia]";
    for (const pressed of [
      "[aria-label='Remove Sepia']",
      "[aria-label='Enable Sepia']",
      "[aria-label='Reset Sepia']",
    ]) {
      both();
      const target = one(`${box} ${pressed}`);
      await pressOver(target, () => effects(other));
      if (pressed.includes("Enable")) expect(target.checked).toBe(true);
    }
    both();
    const input = one(`${box} input[data-field=amount]`);
    input.focus();
    input.value = "4";
    input.dispatchEvent(new Event("input"));
    effects(other);
    input.dispatchEvent(new Event("blur"));
    expect(root.querySelector(box)).toBeNull();
    expect(model.requests("removeEffect")).toEqual([]);
    expect(model.requests("changeEffect")).toEqual([]);
  });

  it("are moved by a drag as what they are when it ends", async () => {
    const named = (name: string, number: number) => ({ ...EFFECT, name, number });
    const fire = (type: string, name: string, data = new DataTransfer()) => {
      const event = new Event(type, { bubbles: true, cancelable: true });
      Object.assign(event, { dataTransfer: data, clientY: -1, button: 0 });
      one(`[data-effect=${name}]`).dispatchEvent(event);
      return data;
    };
    const drag = async (meanwhile: () => void) => {
      effects(named("sepia", 0), named("blur", 1), named("glow", 2));
      fire("pointerdown", "glow");
      const data = fire("dragstart", "glow");
      meanwhile();
      fire("drop", "sepia", data);
      fire("dragend", "glow");
      await new Promise((resolve) => setTimeout(resolve));
    };
    await drag(() => effects(named("sepia", 0), named("glow", 1)));
    await drag(() => effects(named("sepia", 0), named("blur", 1)));
    await drag(() => effects(named("new", 0), named("sepia", 1), named("glow", 2)));
    expect(model.requests("moveEffect")).toMatchObject([
      { owner: "c1", number: 1, place: 0 },
      { owner: "c1", number: 2, place: 1 },
    ]);
  });

  it("have a control for each type of parameter", () => {
    const typed = (type: string, value: ParameterView["value"], more = {}) => ({
      ...PARAMETER,
      name: type,
      label: type,
      type,
      value,
      default: value,
      ...more,
    });
    effects({
      ...EFFECT,
      parameters: [
        typed("integer", 3),
        typed("boolean", true),
        typed("choice", "b", { choices: ["a", "b"], choiceLabels: ["A", "B"] }),
        typed("color", "#11223380"),
        typed("point", [0.25, 0.75]),
        typed("points", "[[0,0],[1,0],[1,1]]"),
        typed("file", "/luts/warm.cube"),
        typed("text", "<b>bold</b>"),
      ],
    });
    expect(field("boolean").checked).toBe(true);
    expect(one<HTMLSelectElement>("select[data-field=choice]").value).toBe("b");
    expect(field("color").value).toBe("#112233");
    expect(field("color.alpha").value).toBe("50.2");
    expect(field("point.y").value).toBe("75");
    expect(root.querySelectorAll("[data-field=points] circle")).toHaveLength(3);
    expect(field("file").value).toBe("/luts/warm.cube");
    expect(field("text").value).toBe("<b>bold</b>");
    expect(root.querySelector("b")).toBeNull();
    field("boolean").click();
    expect(model.requests("changeEffect")[0]).toMatchObject({
      parameter: "boolean",
      value: false,
    });
  });

  it("have keyframes: the button adds, others go to the next", () => {
    const keys = [
      { atS: 0, interpolation: "ease_in", value: 0 },
      { atS: 2, interpolation: "linear", value: 1 },
    ];
    effects({ ...EFFECT, parameters: [{ ...PARAMETER, keys, curve: [0, 1] }] });
    const diamond = one<HTMLButtonElement>("[data-parameter=amount] .tnb-key");
    expect(diamond.getAttribute("aria-pressed")).toBe("true");
    diamond.click();
    expect(model.requests("keyframeEffect")[0]).toMatchObject({
      parameter: "amount",
      atS: 0,
      clear: false,
    });
    const easing = one<HTMLSelectElement>(
      "[data-parameter=amount] .tnb-keys-below select",
    );
    expect(easing.value).toBe("ease_in");
    easing.value = "hold";
    easing.dispatchEvent(new Event("change"));
    expect(model.requests("easeKeyframe")[0]).toMatchObject({
      atS: 0,
      interpolation: "hold",
    });
    one<HTMLButtonElement>("[aria-label='Next keyframe: Amount']").click();
    expect(diamond.getAttribute("aria-pressed")).toBe("true");
    expect(easing.disabled).toBe(true);
  });
});
