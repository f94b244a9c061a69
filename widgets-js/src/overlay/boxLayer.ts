/** The layer of boxes over a player's screen: show, select, draw and correct them. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import type { PlayerView, ScreenLayer } from "../player/view";
import type { ShapeView } from "../protocol";
import { fitCanvas, h } from "../ui/dom";
import { contextMenu } from "../ui/menu";
import type { Notice } from "../ui/notice";
import {
  type BoxDrag,
  boxFor,
  draggedBox,
  oppositeCorners,
  type Point,
  startBoxDrag,
  withoutDuplicates,
} from "./boxDrag";
import { type Box, Boxes } from "./boxes";
import { BoxChanges, type ShapeChange } from "./changes";
import { boxAt, caption, drawBoxes } from "./draw";
import { makeLabelField } from "./labelField";
import { drawDraft, drawShapes, shapeAt } from "./shapes";

export type DrawTool = "none" | "box" | "zone" | "correct";

export interface BoxLayer {
  readonly screenLayer: ScreenLayer;
  labels: readonly string[];
  /** The number of each label's color. */
  colors: readonly number[];
  byTrack: boolean;
  showLabels: boolean;
  visible: boolean;
  tool: DrawTool;
  /** The label of the next shape that is drawn. */
  drawLabel: string;
  redraw(): void;
  /** Correct the label of the selected boxes. */
  relabel(label: string): void;
  close(): void;
}

const CLOSE_ZONE_PX = 10;
const EDGE_PX = 5;

export function makeBoxLayer(
  model: Model,
  channel: Channel,
  player: PlayerView,
  notice: Notice,
): BoxLayer {
  const canvas = h("canvas", { class: "tnb-boxes", "data-testid": "boxes" });
  canvas.setAttribute("aria-hidden", "true");
  const tooltip = h("div", { class: "tnb-tooltip", role: "tooltip", hidden: true });
  const element = h("div", { class: "tnb-box-layer" }, canvas, tooltip);
  const engine = player.engine;
  let shownFrame = -1;
  let hover = -1;
  let draft: Point[] = [];
  let pointer: Point | undefined;
  let boxDrag: BoxDrag | undefined;
  let shapes: readonly ShapeView[] = [];
  // The number of the selected zone or line; 0 if none is.
  let selectedShape = 0;
  const changes = new BoxChanges(channel, notice, () => ({
    version: engine.source.view.version,
    frame: shownFrame,
  }));
  const labelField = makeLabelField(element, () => layer.labels);

  const boxes = new Boxes(channel, () => paint());
  const selectedRows = () =>
    new Set((model.get("selection") as readonly number[]) ?? []);
  /** The boxes of the frame on the screen that pass the filters. */
  const visible = (): readonly Box[] => {
    if (!layer.visible || shownFrame < 0) return [];
    const names = model.get("visible_classes") as readonly string[] | undefined;
    const minScore = Number(model.get("min_score") ?? 0);
    const classes = names && new Set(names);
    return (boxes.of(shownFrame) ?? []).filter(
      (box) =>
        box.score >= minScore &&
        (!classes || classes.has(layer.labels[box.label] ?? "")),
    );
  };
  const scale = () => canvas.clientWidth / Math.max(1, engine.source.view.width);

  function paint(): void {
    const context = fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
    if (!context) return;
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    const found = visible();
    drawBoxes(context, found, scale(), {
      labels: layer.labels,
      colors: layer.colors,
      byTrack: layer.byTrack,
      showLabels: layer.showLabels,
      selection: selectedRows(),
      hover,
    });
    drawShapes(context, shapes, scale(), selectedShape);
    if (boxDrag) drawDraft(context, [...oppositeCorners(boxDrag.box)], scale());
    drawDraft(context, pointer ? [...draft, pointer] : draft, scale());
    canvas.dataset.frame = String(shownFrame);
    canvas.dataset.count = String(found.length);
  }

  const pointOf = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    const s = scale();
    return [(event.clientX - box.left) / s, (event.clientY - box.top) / s];
  };
  const sendShape = async (
    shape: "box" | "zone" | "line",
    points: readonly Point[],
  ) => {
    draft = [];
    pointer = undefined;
    const { version } = engine.source.view;
    try {
      const { answer } = await channel.request({
        kind: "draw",
        version,
        frame: shownFrame,
        shape,
        label: layer.drawLabel,
        points: points.map(([x, y]) => [x, y] as const),
      });
      if (shape === "box") notice.say(t("Box saved"));
      else notice.say(shape === "zone" ? t("Zone saved") : t("Line saved"));
      if (!layer.drawLabel) askLabel(shape, Number(answer.text), points);
    } catch (problem) {
      notice.problem(problem);
    }
    paint();
  };
  /** Ask for the label of what was drawn without one. */
  const askLabel = (shape: string, number: number, points: readonly Point[]) => {
    const [[x, y] = [0, 0]] = points;
    const at = { x: x * scale(), y: y * scale() };
    labelField.open(at, "", (label) => {
      if (shape === "box") void changes.correct(number, { label });
      else void changeShape(number, { label });
    });
  };
  const changeShape = async (number: number, change: ShapeChange) => {
    await changes.changeShape(number, change);
    paint();
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const point = pointOf(event);
    if (layer.tool === "box") {
      canvas.setPointerCapture?.(event.pointerId);
      draft = [point];
    } else if (layer.tool === "zone") {
      const [first] = draft;
      const s = scale();
      const closes =
        first &&
        Math.hypot(first[0] - point[0], first[1] - point[1]) * s < CLOSE_ZONE_PX;
      if (closes && draft.length > 2) void sendShape("zone", draft);
      else draft = [...draft, point];
    } else if (layer.tool === "correct") {
      if (pressShape(point)) return;
      const reach = EDGE_PX / scale();
      const under = boxFor(visible(), point, reach, selectedRows());
      select(under, false);
      boxDrag = under && startBoxDrag(under, point, reach);
      if (boxDrag) canvas.setPointerCapture?.(event.pointerId);
    } else {
      if (pressShape(point)) return;
      select(
        boxAt(visible(), ...point),
        event.shiftKey || event.ctrlKey || event.metaKey,
      );
    }
    paint();
  };
  /** Select the zone or line at a point, or none. */
  const pressShape = (point: Point): boolean => {
    selectedShape = shapeAt(shapes, point, scale())?.number ?? 0;
    if (selectedShape) {
      canvas.tabIndex = -1;
      canvas.focus({ preventScroll: true });
      select(undefined, false);
      paint();
    }
    return selectedShape > 0;
  };
  const select = (box: Box | undefined, adds: boolean) => {
    const rows = adds ? selectedRows() : new Set<number>();
    if (box && rows.has(box.row)) rows.delete(box.row);
    else if (box) rows.add(box.row);
    model.set("selection", [...rows]);
    model.save_changes();
  };
  const onPointerMove = (event: PointerEvent) => {
    const point = pointOf(event);
    pointer = draft.length ? point : undefined;
    if (boxDrag)
      boxDrag = { ...boxDrag, box: draggedBox(boxDrag, point), changed: true };
    const under = layer.tool === "none" ? boxAt(visible(), ...point) : undefined;
    hover = under?.row ?? -1;
    canvas.style.cursor =
      layer.tool === "none" ? (under ? "pointer" : "") : "crosshair";
    tooltip.hidden = !under;
    if (under) {
      const numbers = [under.x1, under.y1, under.x2, under.y2].map((n) => n.toFixed(1));
      const row = t("row {row}", { row: under.row });
      tooltip.textContent = `${caption(under, layer.labels)} · ${row} · ${numbers.join(", ")}`;
      const box = element.getBoundingClientRect();
      tooltip.style.left = `${Math.min(event.clientX - box.left + 12, box.width - 180)}px`;
      tooltip.style.top = `${event.clientY - box.top + 14}px`;
    }
    paint();
  };
  const onPointerUp = (event: PointerEvent) => {
    if (boxDrag) {
      const { row, box, changed } = boxDrag;
      boxDrag = undefined;
      if (changed) void changes.correct(row, { box });
      // A click that moved nothing selects the smallest box there.
      else select(boxAt(visible(), ...pointOf(event)), false);
      paint();
      return;
    }
    const [first] = draft;
    if (layer.tool !== "box" || !first) return;
    const last = pointOf(event);
    const isLarge =
      Math.abs(last[0] - first[0]) > 2 && Math.abs(last[1] - first[1]) > 2;
    if (isLarge) {
      void sendShape("box", [first, [last[0], first[1]], last, [first[0], last[1]]]);
    } else {
      draft = [];
      pointer = undefined;
      paint();
    }
  };
  const onPointerLeave = () => {
    hover = -1;
    tooltip.hidden = true;
    paint();
  };
  const onDoubleClick = (event: MouseEvent) => {
    event.stopPropagation();
    if (layer.tool !== "zone") return editLabelAt(event);
    // A double click presses twice at its last point.
    const points = withoutDuplicates(draft);
    if (points.length > 2) void sendShape("zone", points);
    else if (points.length === 2) void sendShape("line", points);
  };
  /** Edit the label of the zone, line or box there, on the picture. */
  const editLabelAt = (event: MouseEvent) => {
    const point = pointOf(event);
    const shape = shapeAt(shapes, point, scale());
    const box = layer.tool === "correct" ? boxAt(visible(), ...point) : undefined;
    const place = shape?.points[0] ?? (box && [box.x1, box.y1]);
    if (!place) return;
    const at = { x: place[0] * scale(), y: place[1] * scale() };
    if (shape) {
      labelField.open(
        at,
        shape.name,
        (label) => void changeShape(shape.number, { label }),
      );
    } else if (box) {
      const before = layer.labels[box.label] ?? "";
      labelField.open(at, before, (label) => void changes.correct(box.row, { label }));
    }
  };
  const removeSelected = () => {
    if (selectedShape) void changeShape(selectedShape, { remove: true });
    else for (const row of selectedRows()) void changes.correct(row, { remove: true });
  };
  const menuOf = (event: MouseEvent | KeyboardEvent) => {
    if (!(event instanceof MouseEvent)) return [];
    const point = pointOf(event);
    const isShape = pressShape(point);
    const box = layer.tool === "correct" ? boxAt(visible(), ...point) : undefined;
    if (!isShape && !box) return [];
    if (box && !isShape) select(box, false);
    return [
      [
        { label: t("Edit the label"), pick: () => editLabelAt(event) },
        { label: t("Delete"), keys: "Del", pick: removeSelected },
      ],
    ];
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isDelete = event.key === "Delete" || event.key === "Backspace";
    if (isDelete && (event.target as Element).matches("input")) return;
    if (isDelete && selectedShape) {
      event.stopPropagation();
      event.preventDefault();
      removeSelected();
      return;
    }
    if (layer.tool === "correct" && isDelete) {
      event.stopPropagation();
      event.preventDefault();
      removeSelected();
      return;
    }
    if (event.key !== "Escape" || !(draft.length || boxDrag)) return;
    boxDrag = undefined;
    event.stopPropagation();
    draft = [];
    pointer = undefined;
    paint();
  };

  const layer: BoxLayer = {
    screenLayer: {
      element,
      show: (number) => {
        shownFrame = number;
        paint();
      },
    },
    labels: [],
    colors: [],
    byTrack: false,
    showLabels: true,
    visible: true,
    tool: "none",
    drawLabel: "",
    redraw: paint,
    relabel: (label) => {
      for (const row of selectedRows()) void changes.correct(row, { label });
    },
    close: () => {
      model.off("change:selection", paint);
      model.off("change:visible_classes", paint);
      model.off("change:min_score", paint);
      resizeObserver.disconnect();
      labelField.close();
      closeMenu();
    },
  };
  channel.on("playerSource", () => {
    shownFrame = -1;
    // The engine listens first, and has the new source by now.
    boxes.setSource(engine.source);
    paint();
  });
  channel.on("overlay", (answer) => {
    layer.labels = answer.labels;
    layer.colors = answer.colors;
    shapes = answer.shapes;
    if (!shapes.some(({ number }) => number === selectedShape)) selectedShape = 0;
    boxes.setSource(engine.source);
    paint();
  });
  canvas.addEventListener("pointerdown", onPointerDown);
  canvas.addEventListener("pointermove", onPointerMove);
  canvas.addEventListener("pointerup", onPointerUp);
  canvas.addEventListener("pointerleave", onPointerLeave);
  canvas.addEventListener("dblclick", onDoubleClick);
  player.element.addEventListener("keydown", onKeyDown, { capture: true });
  const closeMenu = contextMenu(canvas, menuOf);
  model.on("change:selection", paint);
  model.on("change:visible_classes", paint);
  model.on("change:min_score", paint);
  const resizeObserver = new ResizeObserver(paint);
  resizeObserver.observe(element);
  return layer;
}
