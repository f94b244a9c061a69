/** Draw what lies on a clip: fades, the value line with its keyframes, its speed. */

import { t } from "../i18n";
import {
  BAR_PX,
  type Key,
  MARK_UP_PX,
  MIN_CURVE_ROW_PX,
  markX,
  parameterOf,
  shownKeys,
  shownMarks,
  valueAt,
  yOf,
} from "./curves";
import type { Ghost } from "./dragState";
import { toPx } from "./geometry";
import { FADE_INSET_PX, FADE_TOP_PX, MIN_FADE_CLIP_PX } from "./hit";
import type { Track } from "./model";
import type { ClipStyle, Painter, Rect } from "./scene";

const LINE = "#ffd34d";
const DARK = "rgba(10, 10, 12, 0.75)";
const KEY_PX = 4.5;
const HANDLE_PX = 4;
const CURVE_STEP_PX = 4;
const BADGE_PAD_PX = 5;
// Marks nearer to each other are one.
const MARK_STEP_PX = 1.5;
const HAIR_S = 1e-6;

/** Darken the triangles that fades cut off a clip. */
export function drawFades(
  { context, scene }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
): void {
  const { pxPerS } = scene.scale;
  const inPx = (ghost.fadeInS ?? track.fadeIn(ghost.item)) * pxPerS;
  const outPx = (ghost.fadeOutS ?? track.fadeOut(ghost.item)) * pxPerS;
  const [top, bottom] = [rect.top + BAR_PX, rect.top + rect.height];
  const [left, right] = [rect.left, rect.left + rect.width];
  for (const [edge, peak] of [
    [left, left + inPx],
    [right, right - outPx],
  ] as const) {
    if (Math.abs(peak - edge) < 0.5) continue;
    context.fillStyle = "rgba(0, 0, 0, 0.55)";
    context.beginPath();
    context.moveTo(edge, top);
    context.lineTo(peak, top);
    context.lineTo(edge, bottom);
    context.fill();
    context.strokeStyle = "#ffffff";
    context.lineWidth = 1.25;
    context.beginPath();
    context.moveTo(peak, top);
    context.lineTo(edge, bottom);
    context.stroke();
  }
}

/** Draw what a clip's fades are dragged by. */
export function drawFadeHandles(
  { context, scene }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
): void {
  if (rect.width < MIN_FADE_CLIP_PX || rect.height < MIN_CURVE_ROW_PX) return;
  const { pxPerS } = scene.scale;
  const inPx = (ghost.fadeInS ?? track.fadeIn(ghost.item)) * pxPerS;
  const outPx = (ghost.fadeOutS ?? track.fadeOut(ghost.item)) * pxPerS;
  const top = rect.top + FADE_TOP_PX;
  const right = rect.left + rect.width;
  drawHandle(context, rect.left + Math.max(inPx, FADE_INSET_PX), top);
  drawHandle(context, right - Math.max(outPx, FADE_INSET_PX), top);
}

function drawHandle(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, HANDLE_PX, 0, 2 * Math.PI);
  context.fillStyle = "#ffffff";
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = DARK;
  context.stroke();
}

/** Draw the value line of a clip that is selected or has keyframes. */
export function drawCurve(
  { context, scene }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
  style: ClipStyle,
): void {
  const parameter = parameterOf(track);
  if (!parameter || rect.height < MIN_CURVE_ROW_PX || rect.width < BAR_PX) return;
  const keys = shownKeys(track, ghost, parameter);
  if (!keys.length && !style.isSelected) return;
  const value = ghost.level ?? track.value(ghost.item, parameter);
  const first = Math.max(rect.left, 0);
  const last = Math.min(rect.left + rect.width, scene.width);
  const px = (seconds: number) => toPx(scene.scale, seconds);
  const y = (at: number) => yOf(parameter, at, rect);
  context.beginPath();
  if (keys.length) traceKeys(context, keys, first, last, px, y);
  else {
    context.moveTo(first, y(value));
    context.lineTo(last, y(value));
  }
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = DARK;
  context.stroke();
  context.lineWidth = 1.5;
  context.strokeStyle = LINE;
  context.stroke();
  for (const key of keys) {
    // Those outside the clip are not its own to show.
    const isInside = key.atS > ghost.startS - HAIR_S && key.atS < ghost.endS + HAIR_S;
    if (isInside) drawKey(context, px(key.atS), y(key.value), style.isSelected);
  }
}

function traceKeys(
  context: CanvasRenderingContext2D,
  keys: readonly Key[],
  first: number,
  last: number,
  px: (seconds: number) => number,
  y: (value: number) => number,
): void {
  const [one] = keys;
  if (!one) return;
  context.moveTo(first, y(one.value));
  for (const [n, key] of keys.entries()) {
    const next = keys[n + 1];
    const [left, right] = [px(key.atS), next ? px(next.atS) : last];
    context.lineTo(left, y(key.value));
    if (!next) context.lineTo(Math.max(last, left), y(key.value));
    else if (key.interpolation === "hold") context.lineTo(right, y(key.value));
    else if (key.interpolation !== "linear") {
      const steps = Math.max(
        1,
        Math.ceil(Math.min(right - left, 2000) / CURVE_STEP_PX),
      );
      for (let step = 1; step < steps; step++) {
        const seconds = key.atS + ((next.atS - key.atS) * step) / steps;
        context.lineTo(px(seconds), y(valueAt(keys, seconds)));
      }
    }
  }
}

/** Draw where a clip has keyframes that no line shows, along its lower edge. */
export function drawKeyMarks(
  { context, scene }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
  style: ClipStyle,
): void {
  if (rect.height < MIN_CURVE_ROW_PX || rect.width < BAR_PX) return;
  const y = rect.top + rect.height - MARK_UP_PX;
  let lastX = Number.NEGATIVE_INFINITY;
  for (const atS of shownMarks(track, ghost)) {
    const isInside = atS > ghost.startS - HAIR_S && atS < ghost.endS + HAIR_S;
    const x = markX(toPx(scene.scale, atS), rect.left, rect.left + rect.width);
    const isSeen = x > -KEY_PX && x < scene.width + KEY_PX;
    // A keyframe a frame is a band: a thousand marks over each other take long.
    if (!isInside || !isSeen || x - lastX < MARK_STEP_PX) continue;
    drawKey(context, x, y, style.isSelected);
    lastX = x;
  }
}

function drawKey(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  isSelected: boolean,
): void {
  context.beginPath();
  context.moveTo(x, y - KEY_PX);
  context.lineTo(x + KEY_PX, y);
  context.lineTo(x, y + KEY_PX);
  context.lineTo(x - KEY_PX, y);
  context.closePath();
  context.fillStyle = isSelected ? "#ffffff" : LINE;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = DARK;
  context.stroke();
}

/** The speed of a clip as it is written on it; empty at its own speed. */
export function speedText(rate: number, ramps: boolean): string {
  if (ramps) return t("Ramp");
  if (!rate) return t("Freeze");
  const percent = String(Math.round(Math.abs(rate) * 1000) / 10);
  if (rate < 0) return `◀ ${percent} %`;
  return Math.abs(rate - 1) < 1e-4 ? "" : `${percent} %`;
}

/** Draw the speed of a clip at the end of its bar; returns how wide that is. */
export function drawBadge(
  { context, scene }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
): number {
  const text = speedText(track.rate(ghost.item), track.ramps(ghost.item));
  if (!text) return 0;
  const width = context.measureText(text).width + 2 * BADGE_PAD_PX;
  if (width + 2 * BADGE_PAD_PX > rect.width) return 0;
  const right = Math.min(rect.left + rect.width, scene.width) - 4;
  context.fillStyle = "rgba(12, 13, 16, 0.8)";
  context.beginPath();
  context.roundRect(right - width, rect.top + 1.5, width, BAR_PX - 3, 6);
  context.fill();
  context.fillStyle = "#ffd34d";
  context.fillText(text, right - width + BADGE_PAD_PX, rect.top + BAR_PX / 2 + 0.5);
  return width + 4;
}
