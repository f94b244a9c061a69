/** The layer of boxes over a player's screen: show, select, draw and correct them. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import type { PlayerView, ScreenLayer } from "../player/view";
import type { ShapeView } from "../protocol";
import { fitCanvas, h } from "../ui/dom";
import type { Notice } from "../ui/notice";
import {
  type BoxDrag,
  boxNear,
  draggedBox,
  oppositeCorners,
  type Point,
  type Rect,
  startBoxDrag,
  withoutDuplicates,
} from "./boxDrag";
import { type Box, Boxes } from "./boxes";
import { boxAt, caption, drawBoxes } from "./draw";

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
const EDGE_PX = 8;

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
    drawShapes(context, shapes, scale());
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
  const sendCorrection = async (
    row: number,
    change: { remove?: boolean; label?: string; box?: Rect },
  ) => {
    const { version } = engine.source.view;
    const points = change.box ? oppositeCorners(change.box) : [];
    try {
      await channel.request({
        kind: "correct",
        version,
        frame: shownFrame,
        row,
        remove: change.remove ?? false,
        label: change.label ?? "",
        points,
      });
      notice.say(t("Correction saved"));
    } catch (problem) {
      notice.problem(problem);
    }
  };
  const sendShape = async (
    shape: "box" | "zone" | "line",
    points: readonly Point[],
  ) => {
    draft = [];
    pointer = undefined;
    const { version } = engine.source.view;
    try {
      await channel.request({
        kind: "draw",
        version,
        frame: shownFrame,
        shape,
        label: layer.drawLabel,
        points: points.map(([x, y]) => [x, y] as const),
      });
      if (shape === "box") notice.say(t("Box saved"));
      else notice.say(shape === "zone" ? t("Zone saved") : t("Line saved"));
    } catch (problem) {
      notice.problem(problem);
    }
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
      const under = boxNear(visible(), point, EDGE_PX / scale());
      select(under, false);
      boxDrag = under && startBoxDrag(under, point, EDGE_PX / scale());
      if (boxDrag) canvas.setPointerCapture?.(event.pointerId);
    } else {
      select(
        boxAt(visible(), ...point),
        event.shiftKey || event.ctrlKey || event.metaKey,
      );
    }
    paint();
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
      if (changed) void sendCorrection(row, { box });
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
    if (layer.tool !== "zone") return;
    // A double click presses twice at its last point.
    const points = withoutDuplicates(draft);
    if (points.length > 2) void sendShape("zone", points);
    else if (points.length === 2) void sendShape("line", points);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isDelete = event.key === "Delete" || event.key === "Backspace";
    if (layer.tool === "correct" && isDelete) {
      event.stopPropagation();
      event.preventDefault();
      for (const row of selectedRows()) void sendCorrection(row, { remove: true });
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
      for (const row of selectedRows()) void sendCorrection(row, { label });
    },
    close: () => {
      model.off("change:selection", paint);
      model.off("change:visible_classes", paint);
      model.off("change:min_score", paint);
      resizeObserver.disconnect();
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
    boxes.setSource(engine.source);
    paint();
  });
  canvas.addEventListener("pointerdown", onPointerDown);
  canvas.addEventListener("pointermove", onPointerMove);
  canvas.addEventListener("pointerup", onPointerUp);
  canvas.addEventListener("pointerleave", onPointerLeave);
  canvas.addEventListener("dblclick", onDoubleClick);
  player.element.addEventListener("keydown", onKeyDown, { capture: true });
  model.on("change:selection", paint);
  model.on("change:visible_classes", paint);
  model.on("change:min_score", paint);
  const resizeObserver = new ResizeObserver(paint);
  resizeObserver.observe(element);
  return layer;
}

function drawShapes(
  context: CanvasRenderingContext2D,
  shapes: readonly ShapeView[],
  scale: number,
): void {
  context.lineWidth = 2;
  context.strokeStyle = context.fillStyle = "#ffd54a";
  context.font = "600 11px system-ui, sans-serif";
  for (const shape of shapes) {
    const [first] = shape.points;
    if (!first) continue;
    context.beginPath();
    for (const [x, y] of shape.points) context.lineTo(x * scale, y * scale);
    if (shape.closed) context.closePath();
    context.stroke();
    context.fillText(shape.name, first[0] * scale + 4, first[1] * scale - 6);
  }
}

function drawDraft(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  scale: number,
): void {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return;
  context.lineWidth = 2;
  context.strokeStyle = "#ffffff";
  context.setLineDash([6, 4]);
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x * scale, y * scale);
  if (points.length === 2) {
    const [x, y] = [first[0] * scale, first[1] * scale];
    context.rect(x, y, last[0] * scale - x, last[1] * scale - y);
  }
  context.stroke();
  context.setLineDash([]);
}
