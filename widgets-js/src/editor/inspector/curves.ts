/** Curves of all channels and of each, in one square: points are dragged. */

import { t } from "../../i18n";
import type { ParameterView } from "../../protocol";
import { fitCanvas, h, setPressed } from "../../ui/dom";
import type { Target } from "./control";
import {
  curveAt,
  movedPoint,
  type Point,
  pointNear,
  pointsIn,
  withoutPoint,
  withPoint,
} from "./curveShape";
import { followPointer } from "./drag";

const PAD_PX = 8;
const REACH_PX = 12;
const GRID = 4;
/** In the well, which is dark in both themes. */
const COLORS: Readonly<Record<string, string>> = {
  master: "#e8e8ea",
  red: "#ff6b66",
  green: "#5fd07a",
  blue: "#6aa8ff",
};

export interface Curves {
  readonly element: HTMLElement;
  show(views: readonly ParameterView[]): void;
}

export function makeCurves(views: readonly ParameterView[], target: Target): Curves {
  const curves = new Map<string, Point[]>();
  let active = views[0]?.name ?? "";
  let chosen = -1;
  let isDragging = false;
  const canvas = h("canvas", {
    class: "tnb-curve",
    tabindex: "0",
    role: "application",
    "aria-label": t("Curve: press to add a point, drag it, Delete removes it"),
    dir: "ltr",
    "data-field": "curves",
  });
  const tabs = views.map((view) => {
    const tab = h(
      "button",
      {
        type: "button",
        class: "tnb-curve-tab",
        "data-channel": view.name,
        title: t(view.doc),
        on: {
          click: () => {
            active = view.name;
            chosen = -1;
            draw();
          },
        },
      },
      t(view.label),
    );
    return [view.name, tab] as const;
  });
  const reset = h(
    "button",
    {
      type: "button",
      class: "tnb-link-button",
      on: { click: () => target.reset(active) },
    },
    t("Reset"),
  );
  const points = () => curves.get(active) ?? [];
  const text = () => JSON.stringify(points());
  const side = () => Math.max(1, canvas.clientWidth);
  const inner = () => side() - 2 * PAD_PX;
  const placeOf = (x: number, y: number): Point => {
    const scale = side() / inner();
    const pad = PAD_PX / side();
    return [(x - pad) * scale, 1 - (y - pad) * scale];
  };
  const draw = () => {
    for (const [name, tab] of tabs) setPressed(tab, name === active);
    const size = side();
    const context = fitCanvas(canvas, size, size);
    if (!context) return;
    const at = ([x, y]: Point): [number, number] => [
      PAD_PX + x * inner(),
      PAD_PX + (1 - y) * inner(),
    ];
    context.clearRect(0, 0, size, size);
    drawGrid(context, inner());
    const others = [...curves].filter(([name]) => name !== active);
    for (const [name, own] of others) {
      if (isStraight(own)) continue;
      context.globalAlpha = 0.45;
      drawCurve(context, own, at, COLORS[name] ?? "#fff");
    }
    context.globalAlpha = 1;
    const color = COLORS[active] ?? "#fff";
    drawCurve(context, points(), at, color);
    for (const [n, point] of points().entries()) {
      const [x, y] = at(point);
      context.beginPath();
      context.arc(x, y, n === chosen ? 5 : 3.5, 0, Math.PI * 2);
      context.fillStyle = n === chosen ? "#fff" : color;
      context.fill();
      context.strokeStyle = "#111";
      context.stroke();
    }
  };
  const replace = (next: Point[]) => {
    curves.set(active, next);
    draw();
    target.draft(active, text());
  };
  const commit = () => {
    isDragging = false;
    target.set(active, text());
  };
  followPointer(canvas, {
    start: (x, y) => {
      isDragging = true;
      const place = placeOf(x, y);
      chosen = pointNear(points(), place, REACH_PX / inner());
      if (chosen < 0) {
        const made = withPoint(points(), place);
        chosen = made.at;
        curves.set(active, made.points);
      }
      return true;
    },
    move: (x, y) => replace(movedPoint(points(), chosen, placeOf(x, y))),
    end: commit,
    abandon: () => {
      isDragging = false;
    },
  });
  const remove = () => {
    if (chosen < 0 || points().length <= 2) return;
    replace(withoutPoint(points(), chosen));
    chosen = -1;
    commit();
  };
  canvas.addEventListener("dblclick", remove);
  canvas.addEventListener("keydown", (event) => {
    const by = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") remove();
    else if (event.key === "PageDown" || event.key === "PageUp") {
      const step = event.key === "PageDown" ? 1 : -1;
      chosen = (chosen + step + points().length) % points().length;
      draw();
    } else if (by && chosen >= 0) {
      const [x = 0, y = 0] = points()[chosen] ?? [];
      const step = event.shiftKey ? 0.05 : 0.01;
      replace(
        movedPoint(points(), chosen, [
          x + (by[0] ?? 0) * step,
          y + (by[1] ?? 0) * step,
        ]),
      );
      commit();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  new ResizeObserver(draw).observe(canvas);
  return {
    element: h(
      "div",
      { class: "tnb-curves" },
      h(
        "div",
        { class: "tnb-curve-tabs", role: "group", "aria-label": t("Channel") },
        ...tabs.map(([, tab]) => tab),
        reset,
      ),
      canvas,
    ),
    show: (next) => {
      if (isDragging) return;
      for (const view of next) curves.set(view.name, pointsIn(String(view.value)));
      draw();
    },
  };
}

const isStraight = (points: readonly Point[]) =>
  points.length === 2 && points.every(([x, y]) => x === y);

function drawGrid(context: CanvasRenderingContext2D, inner: number): void {
  context.strokeStyle = "#ffffff1f";
  context.lineWidth = 1;
  context.beginPath();
  for (let line = 0; line <= GRID; line++) {
    const at = Math.round(PAD_PX + (inner * line) / GRID) + 0.5;
    context.moveTo(PAD_PX, at);
    context.lineTo(PAD_PX + inner, at);
    context.moveTo(at, PAD_PX);
    context.lineTo(at, PAD_PX + inner);
  }
  context.moveTo(PAD_PX, PAD_PX + inner);
  context.lineTo(PAD_PX + inner, PAD_PX);
  context.stroke();
}

function drawCurve(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  at: (point: Point) => [number, number],
  color: string,
): void {
  const curve = curveAt(points);
  context.strokeStyle = color;
  context.lineWidth = 1.75;
  context.beginPath();
  const steps = 96;
  for (let n = 0; n <= steps; n++) {
    const x = n / steps;
    context.lineTo(...at([x, Math.min(1, Math.max(0, curve(x)))]));
  }
  context.stroke();
}
