/** Draw one clip: its frame, its name, and what lies on it. */

import { inOwnDirection, t } from "../i18n";
import {
  drawBadge,
  drawCurve,
  drawFadeHandles,
  drawFades,
  drawKeyMarks,
} from "./clipMarks";
import { drawFilmstrip, drawWaveform } from "./clipMedia";
import { BAR_PX } from "./curves";
import type { Ghost } from "./dragState";
import { fittedText } from "./fittedText";
import { lackOf, lostFrom, TRANSITION, type Track } from "./model";
import { passing } from "./ramps";
import type { ClipStyle, Painter, Rect } from "./scene";

const COLORS = {
  video: { body: "#2c5a96", bar: "#3667a8", text: "#ffffff" },
  audio: { body: "#1d6150", bar: "#247060", text: "#ffffff" },
  subtitle: { body: "#6a4c9c", bar: "#6a4c9c", text: "#ffffff" },
} as const;
const OFFLINE = { body: "#6d2626", bar: "#8a2f2f", text: "#ffffff" } as const;
const LOST = { body: "#b26a00", bar: "#7d5716" } as const;
const RING = { inner: "#ffffff", outer: "#101114" } as const;
const RING_PX = 1.5;
const MIN_NAME_PX = 20;
const MIN_DETAIL_PX = 6;
const CORNER_PX = 4;
const STRIPE_PX = 9;

/** Draw a video or audio clip within a rectangle. */
export function drawClip(
  painter: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
  style: ClipStyle,
): void {
  const { context, scene } = painter;
  const lack = lackOf(scene.timeline, track, ghost.item);
  const isOnline = lack !== "offline";
  const colors = isOnline ? COLORS[track.type] : OFFLINE;
  context.globalAlpha = alphaOf(style);
  if (rect.width < MIN_DETAIL_PX) {
    const { left, top, width, height } = rect;
    context.fillStyle = style.isSelected ? RING.inner : colors.bar;
    context.fillRect(left, top, width > 2 ? width - 0.5 : width, height);
    context.globalAlpha = 1;
    return;
  }
  context.save();
  traceOutline(context, rect);
  context.clip();
  context.fillStyle = colors.body;
  context.fillRect(rect.left, rect.top, rect.width, rect.height);
  if (!isOnline) drawOffline(context, rect);
  else if (track.type === "video") drawFilmstrip(painter, track, ghost, rect);
  else drawWaveform(painter, track, ghost, rect);
  if (isOnline) drawLost(painter, track, ghost, rect);
  drawFades(painter, track, ghost, rect);
  context.fillStyle = (lack === "short" ? LOST : colors).bar;
  context.fillRect(rect.left, rect.top, rect.width, BAR_PX);
  const badgePx = drawBadge(painter, track, ghost, rect);
  const name = track.names[ghost.item] ?? "";
  const label = lack ? inOwnDirection(markedName(name, lack)) : name;
  const { startPx, endPx } = coveredPx(painter, track, ghost.item);
  // The ring of what is selected takes the first pixels.
  const ringPx = style.isSelected ? RING_PX : 0;
  const bar = {
    left: rect.left + startPx,
    top: rect.top + ringPx,
    width: rect.width - startPx - Math.max(endPx, badgePx),
    height: BAR_PX - ringPx,
  };
  drawName(context, label, bar, colors.text);
  drawCurve(painter, track, ghost, rect, style);
  drawKeyMarks(painter, track, ghost, rect, style);
  if (style.isSelected) drawFadeHandles(painter, track, ghost, rect);
  context.restore();
  context.globalAlpha = 1;
  drawFrame(context, rect, style);
}

/** Draw a subtitle within a rectangle. */
export function drawSubtitle(
  { context }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
  style: ClipStyle,
): void {
  context.globalAlpha = alphaOf(style);
  context.save();
  traceOutline(context, rect);
  context.clip();
  context.fillStyle = COLORS.subtitle.body;
  context.fillRect(rect.left, rect.top, rect.width, rect.height);
  drawName(context, track.names[ghost.item] ?? "", rect, COLORS.subtitle.text);
  context.restore();
  context.globalAlpha = 1;
  drawFrame(context, rect, style);
}

/** Draw media that is not on the timeline yet, where it would lie. */
export function drawNewClip(
  { context, palette }: Painter,
  type: Track["type"],
  name: string,
  rect: Rect,
): void {
  context.globalAlpha = 0.92;
  context.save();
  traceOutline(context, rect);
  context.clip();
  context.fillStyle = COLORS[type].body;
  context.fillRect(rect.left, rect.top, rect.width, rect.height);
  context.fillStyle = COLORS[type].bar;
  context.fillRect(rect.left, rect.top, rect.width, BAR_PX);
  context.font = `11px ${palette.font}`;
  drawName(context, name, { ...rect, height: BAR_PX }, COLORS[type].text);
  context.restore();
  context.globalAlpha = 1;
  drawFrame(context, rect, {
    isSelected: true,
    isHovered: false,
    isDimmed: false,
    isGhost: true,
  });
}

function alphaOf(style: ClipStyle): number {
  if (style.isDimmed) return 0.38;
  return style.isGhost ? 0.92 : 1;
}

function traceOutline(context: CanvasRenderingContext2D, rect: Rect): void {
  context.beginPath();
  const width = Math.max(1, rect.width - 1);
  const corner = Math.min(CORNER_PX, width / 2);
  context.roundRect(rect.left, rect.top, width, rect.height, corner);
}

function inset({ left, top, width, height }: Rect, by: number): Rect {
  return {
    left: left + by,
    top: top + by,
    width: Math.max(1, width - 2 * by),
    height: height - 2 * by,
  };
}

/** A white ring within a dark one: seen on light and dark, on any clip. */
function drawFrame(
  context: CanvasRenderingContext2D,
  rect: Rect,
  style: ClipStyle,
): void {
  if (!style.isSelected && !style.isHovered) return;
  if (!style.isSelected) {
    traceOutline(context, inset(rect, 1));
    context.lineWidth = 1;
    context.strokeStyle = "rgba(255, 255, 255, 0.8)";
    context.stroke();
    return;
  }
  traceOutline(context, inset(rect, 0.75));
  context.lineWidth = 1.5;
  context.strokeStyle = RING.outer;
  context.stroke();
  traceOutline(context, inset(rect, 2.5));
  context.lineWidth = 2;
  context.strokeStyle = RING.inner;
  context.stroke();
}

/** Bars over what a clip's file does not hold any more. */
function drawLost(
  { context, scene }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
): void {
  const endS = lostFrom(scene.timeline, track, ghost.item);
  const mediaAt = passing(track, ghost);
  const isLost = (px: number) => mediaAt(px / scene.scale.pxPerS) >= endS;
  const last = Math.min(rect.width, scene.width - rect.left);
  context.fillStyle = LOST.body;
  const first = STRIPE_PX * Math.max(0, Math.floor(-rect.left / STRIPE_PX));
  for (let px = first; endS < Number.POSITIVE_INFINITY && px < last; px += STRIPE_PX)
    if (isLost(px + STRIPE_PX / 2))
      context.fillRect(rect.left + px, rect.top, STRIPE_PX - 2, rect.height);
}

/** A clip's name with what its file lacks. */
export function markedName(name: string, lack: "offline" | "short"): string {
  return lack === "short"
    ? t("Cut short: {name}", { name })
    : t("Offline: {name}", { name });
}

/** Stripes: the file is not there. */
function drawOffline(context: CanvasRenderingContext2D, rect: Rect): void {
  context.strokeStyle = "rgba(255, 255, 255, 0.16)";
  context.lineWidth = 3;
  context.beginPath();
  const [top, bottom] = [rect.top + BAR_PX, rect.top + rect.height];
  const tall = bottom - top;
  const first = Math.max(rect.left - tall, -tall);
  const last = Math.min(rect.left + rect.width, context.canvas.width);
  for (let x = first - (first % STRIPE_PX); x < last; x += STRIPE_PX) {
    context.moveTo(x, bottom);
    context.lineTo(x + tall, top);
  }
  context.stroke();
}

/** How much of a clip lies under the transitions at its start and its end. */
function coveredPx(
  { scene }: Painter,
  track: Track,
  item: number,
): { readonly startPx: number; readonly endPx: number } {
  const { pxPerS } = scene.scale;
  const [before, after] = [item - 1, item + 1];
  const isIn = before >= 0 && track.kind(before) === TRANSITION;
  const isOut = after < track.count && track.kind(after) === TRANSITION;
  return {
    startPx: isIn ? (track.end(before) - track.start(item)) * pxPerS : 0,
    endPx: isOut ? (track.end(item) - track.start(after)) * pxPerS : 0,
  };
}

function drawName(
  context: CanvasRenderingContext2D,
  name: string,
  rect: Rect,
  color: string,
): void {
  // A long clip's name stays in view while the clip's start is scrolled out.
  const left = Math.max(rect.left, 0) + 6;
  const width = rect.left + rect.width - left - 5;
  if (width < MIN_NAME_PX) return;
  const text = fittedText(context, name, width);
  if (!text) return;
  context.fillStyle = color;
  context.fillText(text, left, rect.top + rect.height / 2 + 0.5);
}
