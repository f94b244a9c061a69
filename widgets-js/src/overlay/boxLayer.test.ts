// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel } from "../channel";
import { EMPTY_SOURCE, PlayerSource } from "../player/source";
import type { PlayerView } from "../player/view";
import { BOX_LAYOUT } from "../protocol";
import { FakeModel } from "../test/model";
import { Notice } from "../ui/notice";
import { makeBoxLayer } from "./boxLayer";

// The source is 640 pixels wide, its screen 320: a box shows at half its size.
const SOURCE = new PlayerSource(
  { ...EMPTY_SOURCE.view, version: 3, frames: 200, width: 640, height: 360 },
  undefined,
);
type Values = Partial<Record<keyof typeof BOX_LAYOUT.columns, number>>;
// Two walkers on frame 0, one of them small and within the other; a car on frame 70.
const BOXES: readonly Values[] = [
  { frame: 0, x1: 100, y1: 100, x2: 300, y2: 300, score: 0.9, row: 5, track: 7 },
  { frame: 0, x1: 150, y1: 150, x2: 200, y2: 200, score: 0.4, row: 6, track: -1 },
  {
    frame: 0,
    x1: 400,
    y1: 0,
    x2: 500,
    y2: 90,
    score: 0.8,
    row: 7,
    track: -1,
    label: 1,
  },
];

function packed(rows: readonly Values[]): DataView {
  const data = new DataView(new ArrayBuffer(rows.length * BOX_LAYOUT.bytes));
  for (const [n, row] of rows.entries()) {
    for (const [name, { offset, type }] of Object.entries(BOX_LAYOUT.columns)) {
      const value = row[name as keyof Values] ?? 0;
      const at = n * BOX_LAYOUT.bytes + offset;
      if (type === "int32") data.setInt32(at, value, true);
      else data.setFloat32(at, value, true);
    }
  }
  return data;
}

function makeLayer(traits: Record<string, unknown> = {}) {
  const model = new FakeModel({
    selection: [],
    visible_classes: ["walker", "car"],
    min_score: 0.25,
    ...traits,
  });
  const channel = new Channel(model);
  const element = document.createElement("section");
  const player = { element, engine: { source: SOURCE } } as unknown as PlayerView;
  const notice = new Notice();
  const layer = makeBoxLayer(model, channel, player, notice);
  element.append(layer.screenLayer.element);
  document.body.append(element);
  const canvas = element.querySelector("canvas");
  const tooltip = element.querySelector<HTMLElement>("[role=tooltip]");
  if (!canvas || !tooltip) throw new Error("the layer has no canvas");
  const labels = { labels: ["walker", "car"], colors: [0, 2], counts: [2, 1] };
  model.answer({ kind: "overlay", ...labels, hasTracks: true, shapes: [] });
  layer.screenLayer.show(0);
  const boxes = { kind: "boxes", version: 3, first: 0, last: 64 } as const;
  model.answer(boxes, [packed(BOXES)]);
  const fire = (type: string, x: number, y: number, more: object = {}) =>
    canvas.dispatchEvent(
      new MouseEvent(type, { clientX: x, clientY: y, button: 0, ...more }),
    );
  const press = (key: string) =>
    element.dispatchEvent(new KeyboardEvent("keydown", { key }));
  const answer = async (kind: "done" | "refused", message = "") => {
    const { id = 0 } = model.sent.at(-1) ?? {};
    model.answer({ kind, id, message, text: "" } as never);
    await Promise.resolve();
    await Promise.resolve();
  };
  const said = () => (notice.element.hidden ? "" : notice.element.textContent);
  return { model, layer, canvas, tooltip, fire, press, answer, said };
}

const context = new Proxy(
  {},
  {
    get: (target, name) => {
      if (name === "measureText") return () => ({ width: 40 });
      return Reflect.get(target, name) ?? (() => undefined);
    },
  },
);

beforeEach(() => {
  vi.useFakeTimers();
  const prototype = HTMLCanvasElement.prototype;
  prototype.getContext = (() => context) as never;
  vi.spyOn(prototype, "clientWidth", "get").mockReturnValue(320);
  vi.spyOn(prototype, "clientHeight", "get").mockReturnValue(180);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe("the layer of boxes", () => {
  it("requests the boxes of its frame, and those that follow before they are due", () => {
    const { model, layer } = makeLayer();
    const asked = () => model.requests("askBoxes").map((request) => request.first);
    expect(asked()).toEqual([0]);
    layer.screenLayer.show(30);
    expect(asked()).toEqual([0]);
    layer.screenLayer.show(40);
    expect(asked()).toEqual([0, 64]);
    layer.screenLayer.show(64);
    expect(asked()).toEqual([0, 64]);
    expect(model.requests("askBoxes")[1]).toMatchObject({ version: 3, last: 128 });
  });

  it("shows the boxes that the filters pass", () => {
    const { model, layer, canvas } = makeLayer();
    expect(canvas.dataset).toMatchObject({ frame: "0", count: "3" });
    model.change("min_score", 0.5);
    expect(canvas.dataset.count).toBe("2");
    model.change("visible_classes", ["walker"]);
    expect(canvas.dataset.count).toBe("1");
    layer.screenLayer.show(1);
    expect(canvas.dataset).toMatchObject({ frame: "1", count: "0" });
  });

  it("ignores boxes of an older version", () => {
    const { model, canvas } = makeLayer();
    model.answer({ kind: "boxes", version: 2, first: 0, last: 64 }, [packed([])]);
    expect(canvas.dataset.count).toBe("3");
  });

  it("names the smallest box under the pointer, as text", () => {
    const { tooltip, fire } = makeLayer();
    fire("pointermove", 90, 90);
    expect(tooltip.hidden).toBe(false);
    expect(tooltip.textContent).toContain("walker 0.40");
    fire("pointermove", 60, 60);
    expect(tooltip.textContent).toContain("walker #7 0.90");
    expect(tooltip.textContent).toContain("100.0, 100.0, 300.0, 300.0");
    fire("pointerleave", 60, 60);
    expect(tooltip.hidden).toBe(true);
  });

  it("selects rows, and adds to them with Shift", () => {
    const { model, fire } = makeLayer();
    fire("pointerdown", 90, 90);
    expect(model.traits.selection).toEqual([6]);
    fire("pointerdown", 60, 60, { shiftKey: true });
    expect(model.traits.selection).toEqual([6, 5]);
    fire("pointerdown", 90, 90, { shiftKey: true });
    expect(model.traits.selection).toEqual([5]);
    fire("pointerdown", 310, 170);
    expect(model.traits.selection).toEqual([]);
  });

  it("draws a box in pixels of the source, and says that it is kept", async () => {
    const { model, layer, fire, answer, said } = makeLayer();
    layer.tool = "box";
    layer.drawLabel = "door";
    fire("pointerdown", 10, 20);
    fire("pointermove", 30, 40);
    fire("pointerup", 60, 70);
    const corners = [
      [20, 40],
      [120, 40],
      [120, 140],
      [20, 140],
    ];
    const drawn = { version: 3, frame: 0, shape: "box", label: "door" };
    expect(model.requests("draw")).toMatchObject([{ ...drawn, points: corners }]);
    await answer("done");
    expect(said()).toBe("Box saved");
    fire("pointerdown", 10, 20);
    fire("pointerup", 10, 20);
    expect(model.requests("draw").length).toBe(1);
  });

  it("shows why a shape is refused", async () => {
    const { layer, fire, answer, said } = makeLayer();
    layer.tool = "box";
    fire("pointerdown", 10, 20);
    fire("pointerup", 60, 70);
    await answer("refused", "draw on it again");
    expect(said()).toBe("draw on it again");
  });

  it("closes a zone at its first corner, and ends a line by a double click", () => {
    const { model, layer, fire } = makeLayer();
    layer.tool = "zone";
    for (const [x, y] of [
      [10, 10],
      [110, 10],
      [110, 110],
      [12, 12],
    ] as const) {
      fire("pointerdown", x, y);
    }
    expect(model.requests("draw")).toMatchObject([
      {
        shape: "zone",
        points: [
          [20, 20],
          [220, 20],
          [220, 220],
        ],
      },
    ]);
    fire("pointerdown", 10, 10);
    fire("pointerdown", 110, 10);
    fire("pointerdown", 110, 10);
    fire("dblclick", 110, 10);
    expect(model.requests("draw")[1]).toMatchObject({
      shape: "line",
      points: [
        [20, 20],
        [220, 20],
      ],
    });
  });

  it("forgets a shape that Escape ends", () => {
    const { model, layer, fire, press } = makeLayer();
    layer.tool = "box";
    fire("pointerdown", 10, 20);
    press("Escape");
    fire("pointerup", 60, 70);
    expect(model.requests("draw")).toEqual([]);
  });

  it("corrects a box by its edge, its label, and its absence", () => {
    const { model, layer, fire, press } = makeLayer();
    layer.tool = "correct";
    fire("pointerdown", 250, 20);
    fire("pointermove", 260, 20);
    fire("pointerup", 260, 20);
    const change = { version: 3, frame: 0, row: 7, remove: false, label: "" };
    const moved = [
      [400, 0],
      [520, 90],
    ];
    expect(model.requests("correct")).toMatchObject([{ ...change, points: moved }]);
    layer.relabel("truck");
    expect(model.requests("correct")[1]).toMatchObject({ row: 7, label: "truck" });
    press("Delete");
    expect(model.requests("correct")[2]).toMatchObject({ row: 7, remove: true });
  });

  it("asks for the label of a box that was drawn without one", async () => {
    const { model, layer, fire, canvas } = makeLayer();
    layer.tool = "box";
    fire("pointerdown", 10, 20);
    fire("pointerup", 60, 70);
    const { id = 0 } = model.sent.at(-1) ?? {};
    model.answer({ kind: "done", id, text: "9" } as never);
    await Promise.resolve();
    await Promise.resolve();
    const field = canvas.parentElement?.querySelector<HTMLInputElement>(
      "[data-testid=label-field]",
    );
    if (!field) throw new Error("there is no field");
    field.value = "door";
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    const change = { row: 9, label: "door", remove: false, points: [] };
    expect(model.requests("correct")).toMatchObject([change]);
    expect(field.isConnected).toBe(false);
  });

  it("selects a drawn zone by its line, and deletes and renames it", () => {
    const { model, fire, press, canvas } = makeLayer();
    const points = [
      [20, 20],
      [220, 20],
      [220, 220],
    ] as const;
    const labels = { labels: ["walker", "car"], colors: [0, 2], counts: [2, 1] };
    const zones = [
      { name: "shown by a cell", closed: true, points, number: 0 },
      { name: "gate", closed: true, points, number: 4 },
    ];
    model.answer({ kind: "overlay", ...labels, hasTracks: true, shapes: zones });
    // Its inside is the picture's; its first line is at 10 pixels of the screen.
    fire("pointerdown", 90, 60);
    press("Delete");
    expect(model.requests("changeShape")).toEqual([]);
    fire("pointerdown", 60, 11);
    fire("dblclick", 60, 11);
    const field = canvas.parentElement?.querySelector<HTMLInputElement>(
      "[data-testid=label-field]",
    );
    expect(field?.value).toBe("gate");
    if (field) field.value = "door";
    field?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    press("Delete");
    expect(model.requests("changeShape")).toMatchObject([
      { number: 4, label: "door", remove: false },
      { number: 4, label: "", remove: true },
    ]);
  });

  it("listens no more once it is closed", () => {
    const { model, layer, canvas } = makeLayer();
    layer.close();
    model.change("min_score", 0.99);
    expect(canvas.dataset.count).toBe("3");
  });
});
