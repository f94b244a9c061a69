/** A speed ramp as a small curve over the clip: points are dragged, added, removed. */

import { t } from "../../i18n";
import type { ClipDetails } from "../../protocol";
import { fitCanvas, h } from "../../ui/dom";
import type { InspectorContext } from "./context";
import { followPointer } from "./drag";

/** A timeline second, and the speed there. */
export type RampPoint = readonly [number, number];

const PAD_PX = 6;
const HIGH_PX = 84;
const REACH_PX = 10;
/** The speeds that the curve shows: a logarithm, so that half and twice look alike. */
const LEAST = 0.1;
const MOST = 8;

/** The share of the height, from below, at which a speed stands. */
export function heightOf(speed: number): number {
  const within = Math.min(MOST, Math.max(LEAST, speed));
  return Math.log(within / LEAST) / Math.log(MOST / LEAST);
}

export function speedAt(height: number): number {
  const within = Math.min(1, Math.max(0, height));
  const speed = LEAST * (MOST / LEAST) ** within;
  const near = Math.abs(speed - 1) < 0.06;
  return near ? 1 : Number(speed.toFixed(2));
}

export function makeRamp(
  context: InspectorContext,
  set: (points: readonly RampPoint[]) => void,
): { readonly element: HTMLElement; show(clip: ClipDetails | undefined): void } {
  let clip: ClipDetails | undefined;
  let points: RampPoint[] = [];
  let chosen = -1;
  let isDragging = false;
  const canvas = h("canvas", {
    class: "tnb-ramp",
    tabindex: "0",
    role: "application",
    "aria-label": t("Speed ramp: press to add a point, drag it, Delete removes it"),
    dir: "ltr",
  });
  const read = h("span", { class: "tnb-about", role: "status" });
  const element = h("div", { class: "tnb-ramp-box" }, canvas, read);
  const wide = () => Math.max(1, canvas.clientWidth) - 2 * PAD_PX;
  const high = HIGH_PX - 2 * PAD_PX;
  const spot = ([atS, speed]: RampPoint): [number, number] => {
    const share = clip ? (atS - clip.startS) / Math.max(1e-6, clip.durationS) : 0;
    return [PAD_PX + share * wide(), PAD_PX + (1 - heightOf(speed)) * high];
  };
  const draw = () => {
    if (!clip) return;
    const context2d = fitCanvas(canvas, canvas.clientWidth, HIGH_PX);
    if (!context2d) return;
    context2d.clearRect(0, 0, canvas.clientWidth, HIGH_PX);
    context2d.strokeStyle = "#ffffff33";
    context2d.beginPath();
    const [, one] = spot([0, 1]);
    context2d.moveTo(PAD_PX, one);
    context2d.lineTo(PAD_PX + wide(), one);
    context2d.stroke();
    context2d.strokeStyle = "#ffb454";
    context2d.lineWidth = 2;
    context2d.beginPath();
    const [first, last] = [points[0], points.at(-1)];
    if (first) context2d.moveTo(PAD_PX, spot(first)[1]);
    for (const point of points) context2d.lineTo(...spot(point));
    if (last) context2d.lineTo(PAD_PX + wide(), spot(last)[1]);
    context2d.stroke();
    for (const [n, point] of points.entries()) {
      const [x, y] = spot(point);
      context2d.beginPath();
      context2d.arc(x, y, n === chosen ? 5 : 4, 0, Math.PI * 2);
      context2d.fillStyle = n === chosen ? "#fff" : "#ffb454";
      context2d.fill();
    }
    const point = points[chosen] ?? points[0];
    read.textContent = point
      ? t("{percent} % here", { percent: Math.round(point[1] * 100) })
      : "";
  };
  const placed = (x: number, y: number): RampPoint => {
    const width = Math.max(1, canvas.clientWidth);
    const share = Math.min(1, Math.max(0, (x * width - PAD_PX) / wide()));
    const height = 1 - (y * HIGH_PX - PAD_PX) / high;
    const atS = clip ? clip.startS + share * clip.durationS : 0;
    return [atS, speedAt(height)];
  };
  followPointer(canvas, {
    start: (x, y) => {
      isDragging = true;
      const [px, py] = [x * canvas.clientWidth, y * HIGH_PX];
      chosen = points.findIndex((point) => {
        const [ox, oy] = spot(point);
        return Math.hypot(ox - px, oy - py) < REACH_PX;
      });
      if (chosen < 0) {
        const made = placed(x, y);
        points = [...points, made].sort((a, b) => a[0] - b[0]);
        chosen = points.indexOf(made);
      }
      return true;
    },
    move: (x, y) => {
      const [atS, speed] = placed(x, y);
      const left = points[chosen - 1]?.[0] ?? Number.NEGATIVE_INFINITY;
      const right = points[chosen + 1]?.[0] ?? Number.POSITIVE_INFINITY;
      const gapS = context.rate().den / context.rate().num;
      const within = Math.min(right - gapS, Math.max(left + gapS, atS));
      points = points.map((own, n) => (n === chosen ? [within, speed] : own));
      draw();
    },
    end: () => {
      isDragging = false;
      set(points);
    },
  });
  canvas.addEventListener("keydown", (event) => {
    if (!["Delete", "Backspace"].includes(event.key) || chosen < 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (points.length <= 2) return;
    points = points.filter((_, n) => n !== chosen);
    chosen = -1;
    draw();
    set(points);
  });
  new ResizeObserver(draw).observe(canvas);
  return {
    element,
    show: (next) => {
      clip = next;
      element.hidden = !next;
      if (!next || isDragging) return;
      points = next.ramp.map(({ atS, value }) => [atS, value]);
      draw();
    },
  };
}
