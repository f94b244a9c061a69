/** Draw the ruler over the tracks: timecode, in and out, and markers. */

import type { MarkerView } from "../protocol";
import { timecode } from "../time";
import { CLOCKS_PX, RULER_PX, tickStep, toPx, toSeconds } from "./geometry";
import { markerCss } from "./markerColors";
import { FLAG_HALF_PX, nameEndPx, RANGE_STRIP_PX } from "./rulerHit";
import type { Painter } from "./scene";

// Marks between two labels.
const MINOR_MARKS = 5;
const FLAG_TOP_PX = CLOCKS_PX + 2;
const BRACKET_PX = 5;

/** Draw the ruler, and what of it goes on over the tracks. */
export function drawRuler(painter: Painter): void {
  const { context, scene, palette } = painter;
  const { scale, timeline, width } = scene;
  drawRangeOverTracks(painter);
  for (const marker of scene.markers) drawMarkerLine(painter, marker);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, RULER_PX);
  drawRange(painter);
  context.fillStyle = palette.border;
  context.fillRect(0, RULER_PX - 1, width, 1);
  context.fillRect(0, CLOCKS_PX, width, 1);
  const stepS = tickStep(scale, timeline.rate);
  const firstS = Math.floor(scale.originS / stepS) * stepS;
  const lastS = toSeconds(scale, width);
  for (let n = 0; ; n++) {
    const seconds = firstS + (n * stepS) / MINOR_MARKS;
    if (seconds > lastS) break;
    const x = Math.round(toPx(scale, seconds));
    const isMajor = n % MINOR_MARKS === 0;
    context.fillStyle = isMajor ? palette.muted : palette.border;
    const tall = isMajor ? 10 : 5;
    context.fillRect(x, CLOCKS_PX - tall, 1, tall);
    if (isMajor) context.fillText(timecode(seconds, timeline.rate), x + 4, 10);
  }
  for (const [place, marker] of scene.markers.entries()) {
    drawMarker(painter, marker, place);
  }
}

/** The in and out points in pixels; undefined if none is set. */
function rangePx({ scene }: Painter): readonly [number, number] | undefined {
  const { range, scale, timeline } = scene;
  if (range.inS === undefined && range.outS === undefined) return undefined;
  return [
    toPx(scale, range.inS ?? 0),
    toPx(scale, range.outS ?? Math.max(timeline.durationS, range.inS ?? 0)),
  ];
}

/** Shade what lies outside in and out on the tracks. */
function drawRangeOverTracks(painter: Painter): void {
  const span = rangePx(painter);
  if (!span) return;
  const { context, scene, palette } = painter;
  const [first, last] = span;
  const top = RULER_PX;
  context.globalAlpha = 0.45;
  context.fillStyle = palette.background;
  context.fillRect(0, top, Math.max(0, first), scene.height);
  context.fillRect(last, top, Math.max(0, scene.width - last), scene.height);
  context.globalAlpha = 1;
  context.fillStyle = palette.accent;
  for (const x of span) context.fillRect(Math.round(x) - 0.5, top, 1, scene.height);
}

/** Draw in and out as a band with a bracket at each end. */
function drawRange(painter: Painter): void {
  const span = rangePx(painter);
  if (!span) return;
  const { context, scene, palette } = painter;
  const [first, last] = span;
  context.fillStyle = palette.accent;
  context.globalAlpha = 0.22;
  context.fillRect(first, 0, Math.max(0, last - first), CLOCKS_PX);
  context.globalAlpha = 1;
  context.fillRect(first, 0, Math.max(0, last - first), RANGE_STRIP_PX / 2);
  const bracket = (x: number, inward: 1 | -1) => {
    context.fillRect(Math.min(x, x + 2 * inward), 0, 2, CLOCKS_PX);
    const left = Math.min(x, x + BRACKET_PX * inward);
    context.fillRect(left, 0, BRACKET_PX, 3);
    context.fillRect(left, CLOCKS_PX - 3, BRACKET_PX, 3);
  };
  if (scene.range.inS !== undefined) bracket(first, 1);
  if (scene.range.outS !== undefined) bracket(last, -1);
}

function isOutside({ scene }: Painter, startPx: number, endPx: number): boolean {
  return endPx < -FLAG_HALF_PX || startPx > scene.width + FLAG_HALF_PX;
}

/** A thin line over the tracks, so that clips can be cut on it. */
function drawMarkerLine(painter: Painter, marker: MarkerView): void {
  const { context, scene } = painter;
  const x = Math.round(toPx(scene.scale, marker.startS));
  if (isOutside(painter, x, x)) return;
  context.fillStyle = markerCss(marker.color);
  context.globalAlpha = 0.55;
  context.fillRect(x, RULER_PX, 1, scene.height - RULER_PX);
  if (marker.durationS) {
    const wide = marker.durationS * scene.scale.pxPerS;
    context.globalAlpha = 0.08;
    context.fillRect(x, RULER_PX, wide, scene.height - RULER_PX);
  }
  context.globalAlpha = 1;
}

/** Draw a marker's flag with its name, and a band over what it spans. */
function drawMarker(painter: Painter, marker: MarkerView, place: number): void {
  const { context, scene, palette } = painter;
  const { scale } = scene;
  const x = toPx(scale, marker.startS);
  const endPx = Math.max(
    nameEndPx(scene.markers, place, scale),
    toPx(scale, marker.startS + marker.durationS),
  );
  if (isOutside(painter, x, endPx)) return;
  const color = markerCss(marker.color);
  const spanPx = marker.durationS * scale.pxPerS;
  context.fillStyle = color;
  if (spanPx) {
    context.globalAlpha = 0.28;
    context.fillRect(x, FLAG_TOP_PX, spanPx, RULER_PX - FLAG_TOP_PX - 2);
    context.globalAlpha = 1;
    context.fillRect(x + spanPx - 2, FLAG_TOP_PX, 2, RULER_PX - FLAG_TOP_PX - 2);
  }
  traceFlag(context, x);
  context.fill();
  if (scene.marker === place) {
    context.strokeStyle = palette.text;
    context.lineWidth = 1.5;
    context.stroke();
  }
  const left = x + FLAG_HALF_PX + 3;
  const room = nameEndPx(scene.markers, place, scale) - left - 2;
  if (room < 12) return;
  context.save();
  context.beginPath();
  context.rect(left, CLOCKS_PX, room, RULER_PX - CLOCKS_PX);
  context.clip();
  context.fillStyle = palette.text;
  context.fillText(marker.name, left, (CLOCKS_PX + RULER_PX) / 2);
  context.restore();
}

function traceFlag(context: CanvasRenderingContext2D, x: number): void {
  const bottom = RULER_PX - 2;
  context.beginPath();
  context.moveTo(x - FLAG_HALF_PX, FLAG_TOP_PX);
  context.lineTo(x + FLAG_HALF_PX, FLAG_TOP_PX);
  context.lineTo(x + FLAG_HALF_PX, bottom - 6);
  context.lineTo(x, bottom);
  context.lineTo(x - FLAG_HALF_PX, bottom - 6);
  context.closePath();
}
