/** The layer of boxes over a player's screen: drawn, pointed at, and drawn upon. */

import type { Channel, Model } from "../channel";
import { t } from "../i18n";
import type { Cover, PlayerView } from "../player/view";
import type { ShapeView } from "../protocol";
import { fitCanvas, h } from "../ui/dom";
import type { Notice } from "../ui/notice";
import { type Box, Boxes } from "./boxes";
import { boxAt, caption, drawBoxes } from "./draw";
import {
  boxNear,
  diagonal,
  type Grip,
  gripOn,
  type Point,
  pulled,
  type Rect,
  withoutRepeats,
} from "./grip";

export type Pen = "none" | "box" | "zone" | "correct";

export interface BoxLayer {
  readonly cover: Cover;
  labels: readonly string[];
  byTrack: boolean;
  showLabels: boolean;
  visible: boolean;
  pen: Pen;
  /** The label of what is drawn next. */
  penLabel: string;
  redraw(): void;
  /** Say what the selected boxes are. */
  relabel(label: string): void;
  close(): void;
}

const CLOSE_PX = 10;
const GRIP_PX = 8;

export function makeBoxLayer(
  model: Model,
  channel: Channel,
  player: PlayerView,
  notice: Notice,
): BoxLayer {
  const canvas = h("canvas", { class: "tnb-boxes", "data-testid": "boxes" });
  canvas.setAttribute("aria-hidden", "true");
  const tip = h("div", { class: "tnb-tip", role: "tooltip", hidden: true });
  const element = h("div", { class: "tnb-cover" }, canvas, tip);
  const engine = player.engine;
  let shown = -1;
  let hover = -1;
  let sketch: Point[] = [];
  let moving: Point | undefined;
  let grip: Grip | undefined;
  let shapes: readonly ShapeView[] = [];

  const boxes = new Boxes(channel, () => paint());
  const chosen = () => new Set((model.get("selection") as readonly number[]) ?? []);
  /** The boxes of the frame on the screen that no filter hides. */
  const visible = (): readonly Box[] => {
    if (!layer.visible || shown < 0) return [];
    const names = model.get("visible_classes") as readonly string[] | undefined;
    const least = Number(model.get("min_score") ?? 0);
    const kept = names && new Set(names);
    return (boxes.of(shown) ?? []).filter(
      (box) => box.score >= least && (!kept || kept.has(layer.labels[box.label] ?? "")),
    );
  };
  const scale = () => canvas.clientWidth / Math.max(1, engine.film.view.width);

  function paint(): void {
    const context = fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
    if (!context) return;
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    const found = visible();
    drawBoxes(context, found, scale(), {
      labels: layer.labels,
      byTrack: layer.byTrack,
      showLabels: layer.showLabels,
      selection: chosen(),
      hover,
    });
    drawShapes(context, shapes, scale());
    if (grip) drawSketch(context, [...diagonal(grip.box)], scale());
    drawSketch(context, moving ? [...sketch, moving] : sketch, scale());
    canvas.dataset.frame = String(shown);
    canvas.dataset.count = String(found.length);
  }

  const pointOf = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    const s = scale();
    return [(event.clientX - box.left) / s, (event.clientY - box.top) / s];
  };
  const correct = async (
    row: number,
    change: { remove?: boolean; label?: string; box?: Rect },
  ) => {
    const { version } = engine.film.view;
    const points = change.box ? diagonal(change.box) : [];
    try {
      await channel.ask({
        kind: "correct",
        version,
        frame: shown,
        row,
        remove: change.remove ?? false,
        label: change.label ?? "",
        points,
      });
      notice.say(t("The correction is kept"));
    } catch (problem) {
      notice.problem(problem);
    }
  };
  const keep = async (shape: "box" | "zone" | "line", points: readonly Point[]) => {
    sketch = [];
    moving = undefined;
    const { version } = engine.film.view;
    try {
      await channel.ask({
        kind: "draw",
        version,
        frame: shown,
        shape,
        label: layer.penLabel,
        points: points.map(([x, y]) => [x, y] as const),
      });
      if (shape === "box") notice.say(t("The box is kept"));
      else notice.say(shape === "zone" ? t("The zone is kept") : t("The line is kept"));
    } catch (problem) {
      notice.problem(problem);
    }
    paint();
  };
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const point = pointOf(event);
    if (layer.pen === "box") {
      canvas.setPointerCapture?.(event.pointerId);
      sketch = [point];
    } else if (layer.pen === "zone") {
      const [first] = sketch;
      const s = scale();
      const closes =
        first && Math.hypot(first[0] - point[0], first[1] - point[1]) * s < CLOSE_PX;
      if (closes && sketch.length > 2) void keep("zone", sketch);
      else sketch = [...sketch, point];
    } else if (layer.pen === "correct") {
      const under = boxNear(visible(), point, GRIP_PX / scale());
      choose(under, false);
      grip = under && gripOn(under, point, GRIP_PX / scale());
      if (grip) canvas.setPointerCapture?.(event.pointerId);
    } else {
      choose(
        boxAt(visible(), ...point),
        event.shiftKey || event.ctrlKey || event.metaKey,
      );
    }
    paint();
  };
  const choose = (box: Box | undefined, adds: boolean) => {
    const rows = adds ? chosen() : new Set<number>();
    if (box && rows.has(box.row)) rows.delete(box.row);
    else if (box) rows.add(box.row);
    model.set("selection", [...rows]);
    model.save_changes();
  };
  const move = (event: PointerEvent) => {
    const point = pointOf(event);
    moving = sketch.length ? point : undefined;
    if (grip) grip = { ...grip, box: pulled(grip, point), changed: true };
    const under = layer.pen === "none" ? boxAt(visible(), ...point) : undefined;
    hover = under?.row ?? -1;
    canvas.style.cursor = layer.pen === "none" ? (under ? "pointer" : "") : "crosshair";
    tip.hidden = !under;
    if (under) {
      const numbers = [under.x1, under.y1, under.x2, under.y2].map((n) => n.toFixed(1));
      const row = t("row {row}", { row: under.row });
      tip.textContent = `${caption(under, layer.labels)} · ${row} · ${numbers.join(", ")}`;
      const box = element.getBoundingClientRect();
      tip.style.left = `${Math.min(event.clientX - box.left + 12, box.width - 180)}px`;
      tip.style.top = `${event.clientY - box.top + 14}px`;
    }
    paint();
  };
  const release = (event: PointerEvent) => {
    if (grip) {
      const { row, box, changed } = grip;
      grip = undefined;
      if (changed) void correct(row, { box });
      paint();
      return;
    }
    const [first] = sketch;
    if (layer.pen !== "box" || !first) return;
    const last = pointOf(event);
    const isLarge =
      Math.abs(last[0] - first[0]) > 2 && Math.abs(last[1] - first[1]) > 2;
    if (isLarge) {
      void keep("box", [first, [last[0], first[1]], last, [first[0], last[1]]]);
    } else {
      sketch = [];
      moving = undefined;
      paint();
    }
  };
  const leave = () => {
    hover = -1;
    tip.hidden = true;
    paint();
  };
  const finish = (event: MouseEvent) => {
    event.stopPropagation();
    if (layer.pen !== "zone") return;
    // A double click presses twice where it ends.
    const points = withoutRepeats(sketch);
    if (points.length > 2) void keep("zone", points);
    else if (points.length === 2) void keep("line", points);
  };
  const keyed = (event: KeyboardEvent) => {
    const isDelete = event.key === "Delete" || event.key === "Backspace";
    if (layer.pen === "correct" && isDelete) {
      event.stopPropagation();
      event.preventDefault();
      for (const row of chosen()) void correct(row, { remove: true });
      return;
    }
    if (event.key !== "Escape" || !(sketch.length || grip)) return;
    grip = undefined;
    event.stopPropagation();
    sketch = [];
    moving = undefined;
    paint();
  };

  const layer: BoxLayer = {
    cover: {
      element,
      show: (number) => {
        shown = number;
        paint();
      },
    },
    labels: [],
    byTrack: false,
    showLabels: true,
    visible: true,
    pen: "none",
    penLabel: "",
    redraw: paint,
    relabel: (label) => {
      for (const row of chosen()) void correct(row, { label });
    },
    close: () => {
      model.off("change:selection", paint);
      model.off("change:visible_classes", paint);
      model.off("change:min_score", paint);
      size.disconnect();
    },
  };
  channel.on("film", () => {
    shown = -1;
    // The engine has taken the film over by now: it listens first.
    boxes.show(engine.film);
    paint();
  });
  channel.on("overlay", (told) => {
    layer.labels = told.labels;
    shapes = told.shapes;
    boxes.show(engine.film);
    paint();
  });
  canvas.addEventListener("pointerdown", press);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("dblclick", finish);
  player.element.addEventListener("keydown", keyed, { capture: true });
  model.on("change:selection", paint);
  model.on("change:visible_classes", paint);
  model.on("change:min_score", paint);
  const size = new ResizeObserver(paint);
  size.observe(element);
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

function drawSketch(
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
