/** A speed ramp as a small curve over the clip: points are dragged, added, removed. */

import { t } from "../../i18n";
import type { ClipDetails } from "../../protocol";
import { fitCanvas, h } from "../../ui/dom";
import type { InspectorContext } from "./context";
import { followPointer } from "./drag";
import { abandonDrags } from "./gone";

/** A timeline second, and the speed there. */
export type RampPoint = readonly [number, number];

const PAD_PX = 6;
const HIGH_PX = 84;
const REACH_PX = 10;
/** A press that moves less only chooses a point. */
const HAND_PX = 3;
const KEY_STEP = 0.01;
const COARSE = 10;
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

/** A speed some percent faster or slower, a whole number of them. */
export function stepped(speed: number, by: number): number {
  const next = Math.round((speed + by) * 100) / 100;
  return Math.min(MOST, Math.max(LEAST, next));
}

/** The speed of a ramp at a second: between points that ease, as near as is known. */
export function rateAt({ ramp, rates, startS, durationS }: ClipDetails, atS: number) {
  const next = ramp.findIndex((key) => key.atS > atS);
  const [left, right] = [ramp.at(next < 0 ? -1 : Math.max(0, next - 1)), ramp[next]];
  if (!left || !right || left.atS > atS || left.interpolation === "hold")
    return (left ?? right)?.value ?? 1;
  const between = (from: number, to: number, share: number) =>
    Number((from + (to - from) * share).toFixed(4));
  if (left.interpolation === "linear")
    return between(left.value, right.value, (atS - left.atS) / (right.atS - left.atS));
  const place = ((atS - startS) / durationS) * (rates.length - 1);
  const step = Math.max(0, Math.min(rates.length - 2, Math.floor(place)));
  return between(rates[step] ?? 1, rates[step + 1] ?? 1, place - step);
}

export function makeRamp(
  context: InspectorContext,
  set: (points: readonly RampPoint[]) => Promise<void>,
): { readonly element: HTMLElement; show(clip: ClipDetails | undefined): void } {
  let clip: ClipDetails | undefined;
  let points: RampPoint[] = [];
  let chosen = -1;
  let isDragging = false;
  let isHeld = false;
  /** Steps that are not answered: what is shown is ahead of the kernel. */
  let asked = 0;
  /** The points as the kernel knows them. */
  let shown: RampPoint[] = [];
  let before: RampPoint[] = [];
  let pressed: { x: number; y: number; point: RampPoint; isNew: boolean } | undefined;
  const keys = t(
    "Speed ramp: press or Enter adds a point, arrows choose and change points, Alt and arrows move them, Delete removes one",
  );
  const canvas = h("canvas", {
    class: "tnb-ramp",
    "data-testid": "ramp",
    tabindex: "0",
    role: "application",
    title: keys,
    "aria-label": keys,
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
    // Its rates know how it eases; while it is changed it goes straight on.
    if (points === shown && clip.rates.length > 1) {
      for (const [n, rate] of clip.rates.entries()) {
        const atS = clip.startS + (clip.durationS * n) / (clip.rates.length - 1);
        context2d.lineTo(...spot([atS, rate]));
      }
    } else {
      if (first) context2d.moveTo(PAD_PX, spot(first)[1]);
      for (const point of points) context2d.lineTo(...spot(point));
      if (last) context2d.lineTo(PAD_PX + wide(), spot(last)[1]);
    }
    context2d.stroke();
    for (const [n, point] of points.entries()) {
      const [x, y] = spot(point);
      context2d.beginPath();
      context2d.arc(x, y, n === chosen ? 5 : 4, 0, Math.PI * 2);
      context2d.fillStyle = n === chosen ? "#fff" : "#ffb454";
      context2d.fill();
    }
    const point = points[chosen] ?? points[0];
    canvas.dataset.points = JSON.stringify(points);
    canvas.dataset.chosen = String(chosen);
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
  const finish = () => {
    isDragging = false;
    pressed = undefined;
    if (String(points) === String(before)) return draw();
    asked++;
    void set(points).then(() => {
      asked--;
      show(clip);
    });
  };
  /** Where a point may go: a frame from those beside it, within the clip. */
  const within = (number: number, atS: number): number => {
    const gapS = context.rate().den / context.rate().num;
    const left = (points[number - 1]?.[0] ?? Number.NEGATIVE_INFINITY) + gapS;
    const right = (points[number + 1]?.[0] ?? Number.POSITIVE_INFINITY) - gapS;
    return Math.min(right, Math.max(left, atS));
  };
  const change = (number: number, point: RampPoint) => {
    points = points.map((own, n) => (n === number ? point : own));
    draw();
  };
  const add = (made: RampPoint) => {
    points = [...points, made].sort((a, b) => a[0] - b[0]);
    chosen = points.indexOf(made);
  };
  followPointer(canvas, {
    start: (x, y) => {
      isDragging = true;
      before = points;
      const [px, py] = [x * canvas.clientWidth, y * HIGH_PX];
      chosen = points.findIndex((point) => {
        const [ox, oy] = spot(point);
        return Math.hypot(ox - px, oy - py) < REACH_PX;
      });
      const isNew = chosen < 0;
      if (isNew) add(placed(x, y));
      const point = points[chosen] ?? [0, 1];
      pressed = { x: px, y: py, point, isNew };
      draw();
      return true;
    },
    move: (x, y) => {
      if (!pressed) return;
      const { point, isNew } = pressed;
      const [byX, byY] = [x * canvas.clientWidth - pressed.x, y * HIGH_PX - pressed.y];
      // It goes as far as the pointer; one that is only moved keeps its speed.
      const [ox, oy] = spot(point);
      const [atS, speed] = placed(
        (ox + byX) / Math.max(1, canvas.clientWidth),
        (oy + byY) / HIGH_PX,
      );
      const isMoved = isNew || Math.abs(byX) >= HAND_PX;
      const isChanged = isNew || Math.abs(byY) >= HAND_PX;
      change(chosen, [
        within(chosen, isMoved ? atS : point[0]),
        isChanged ? speed : point[1],
      ]);
    },
    end: finish,
    abandon: () => {
      isDragging = false;
      pressed = undefined;
    },
  });
  const drop = () => {
    if (points.length <= 2 || chosen < 0) return;
    points = points.filter((_, n) => n !== chosen);
    chosen = -1;
  };
  /** What a key does to the points; returns whether it is one of theirs. */
  const press = (event: KeyboardEvent): boolean => {
    const { key, altKey, shiftKey, ctrlKey, metaKey } = event;
    if (ctrlKey || metaKey) return false;
    const way = ["ArrowLeft", "ArrowDown"].includes(key) ? -1 : 1;
    const point = points[chosen];
    const last = points.length - 1;
    if (key === "Delete" || key === "Backspace") drop();
    else if (key === "Escape" && isDragging) points = before;
    else if (key === "Enter" && clip) addHere(clip);
    else if (key === "ArrowUp" || key === "ArrowDown") {
      const by = KEY_STEP * (shiftKey ? COARSE : 1) * way;
      if (point) change(chosen, [point[0], stepped(point[1], by)]);
    } else if (key !== "ArrowLeft" && key !== "ArrowRight") return false;
    else if (!altKey) chosen = Math.min(last, Math.max(0, chosen + way));
    else if (point) {
      const frameS = context.rate().den / context.rate().num;
      const byS = frameS * way * (shiftKey ? COARSE : 1);
      change(chosen, [within(chosen, onClip(point[0] + byS)), point[1]]);
    }
    return true;
  };
  const onClip = (atS: number) =>
    clip ? Math.min(clip.startS + clip.durationS, Math.max(clip.startS, atS)) : atS;
  /** Add a point at the playhead, at the speed that the ramp has there. */
  const addHere = (own: ClipDetails) => {
    const atS = onClip(context.playhead.seconds);
    const halfS = context.rate().den / context.rate().num / 2;
    chosen = points.findIndex(([at]) => Math.abs(at - atS) < halfS);
    if (chosen < 0) add([atS, rateAt(own, atS)]);
  };
  canvas.addEventListener("keydown", (event) => {
    const was = points;
    if (!press(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") pressed = undefined;
    // A key that is held is one step, made when it is let go.
    if (!isDragging && points !== was && !isHeld) {
      isHeld = true;
      before = was;
    }
    draw();
  });
  const letGo = () => {
    if (!isHeld) return;
    isHeld = false;
    finish();
  };
  canvas.addEventListener("keyup", letGo);
  canvas.addEventListener("blur", letGo);
  new ResizeObserver(draw).observe(canvas);
  const show = (next: ClipDetails | undefined) => {
    const isOther = next?.id !== clip?.id;
    if (isOther) {
      chosen = -1;
      isHeld = false;
      abandonDrags(element);
    }
    clip = next;
    element.hidden = !next;
    if (!next || isDragging || isHeld || (asked && !isOther)) return;
    shown = points = next.ramp.map(({ atS, value }) => [atS, value]);
    chosen = Math.min(chosen, points.length - 1);
    draw();
  };
  return { element, show };
}
