/** Draw the ruler over the tracks: timecode, marks and markers. */

import type { MarkerView } from "../protocol";
import { timecode } from "../time";
import { RULER_PX, tickStep, toPx, toSeconds } from "./geometry";
import type { Painter } from "./scene";

// Marks between two labels.
const MINOR_MARKS = 5;
const MARKER_HALF_PX = 5;

export function drawRuler(painter: Painter): void {
  const { context, scene, palette } = painter;
  const { scale, timeline, width } = scene;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, RULER_PX);
  context.fillStyle = palette.border;
  context.fillRect(0, RULER_PX - 1, width, 1);
  const stepS = tickStep(scale, timeline.rate);
  const firstS = Math.floor(scale.originS / stepS) * stepS;
  const lastS = toSeconds(scale, width);
  for (let n = 0; ; n++) {
    const seconds = firstS + (n * stepS) / MINOR_MARKS;
    if (seconds > lastS) break;
    const x = Math.round(toPx(scale, seconds));
    const isMajor = n % MINOR_MARKS === 0;
    context.fillStyle = isMajor ? palette.muted : palette.border;
    context.fillRect(x, RULER_PX - (isMajor ? 10 : 5), 1, isMajor ? 9 : 4);
    if (isMajor) context.fillText(timecode(seconds, timeline.rate), x + 4, 9);
  }
  for (const marker of timeline.markers) drawMarker(painter, marker);
}

/** Draw a marker's flag, and a line under what it spans. */
function drawMarker({ context, scene, palette }: Painter, marker: MarkerView): void {
  const { scale, width } = scene;
  const x = toPx(scale, marker.startS);
  const spanPx = Math.max(0, marker.durationS * scale.pxPerS);
  if (x + Math.max(spanPx, MARKER_HALF_PX) < 0 || x > width + MARKER_HALF_PX) return;
  const isColor = CSS.supports("color", marker.color);
  context.fillStyle = isColor ? marker.color : palette.accent;
  if (spanPx) context.fillRect(x, RULER_PX - 4, spanPx, 3);
  context.beginPath();
  context.moveTo(x - MARKER_HALF_PX, 12);
  context.lineTo(x + MARKER_HALF_PX, 12);
  context.lineTo(x + MARKER_HALF_PX, 19);
  context.lineTo(x, RULER_PX - 1);
  context.lineTo(x - MARKER_HALF_PX, 19);
  context.fill();
}
