/** Draw a timeline on a canvas. Names are drawn as text, and so cannot become markup. */

import { t } from "../i18n";
import { drawClipMarkers } from "./clipMarkers";
import { drawClip, drawSubtitle } from "./clips";
import type { Ghost } from "./drag";
import { RULER_PX, rowHeight, toPx, toSeconds } from "./geometry";
import { SUBTITLE, TRANSITION, type Track } from "./model";
import { drawRuler } from "./ruler";
import type { ClipStyle, Painter, Rect, Scene } from "./scene";

/** A track, and where and how it is drawn. */
interface Row {
  readonly track: Track;
  readonly number: number;
  readonly top: number;
  /** Hidden, muted, or not among the solo tracks. */
  readonly isSilent: boolean;
}

// Of clips narrower than this, the first in each pixel is drawn.
const MIN_CLIP_PX = 1.5;

/** Draw the whole timeline view. */
export function draw(painter: Painter): void {
  const { context, scene, pictures, palette } = painter;
  const { width, height } = scene;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  pictures.begin();
  context.save();
  context.beginPath();
  context.rect(0, RULER_PX, width, height - RULER_PX);
  context.clip();
  context.translate(0, RULER_PX - scene.scrollPx);
  drawRows(painter);
  drawClipMarkers(painter);
  drawGhosts(painter);
  context.restore();
  if (!scene.timeline.tracks.length) drawEmptyHint(painter);
  drawRuler(painter);
  drawLines(painter);
  drawPlayhead(painter);
  pictures.settle();
}

function drawRows(painter: Painter): void {
  const { context, scene, palette } = painter;
  const dragged = new Set(
    scene.ghosts.map((ghost) => `${ghost.sourceRow} ${ghost.item}`),
  );
  for (const [number, track] of scene.timeline.tracks.entries()) {
    const top = scene.tops[number] ?? 0;
    const height = rowHeight(track);
    if (top + height < scene.scrollPx) continue;
    if (top > scene.scrollPx + scene.height) break;
    context.fillStyle = palette.lane;
    context.fillRect(0, top, scene.width, height);
    const isSilent = !track.enabled || isSoloedOut(scene, track);
    drawTrack(painter, { track, number, top, isSilent }, dragged);
    if (track.locked) {
      drawLockPattern(painter, { left: 0, top, width: scene.width, height });
    }
  }
}

function isSoloedOut(scene: Scene, track: Track): boolean {
  if (!scene.solo.size || scene.solo.has(track.name)) return false;
  return scene.timeline.tracks.some(
    (other) => other.type === track.type && scene.solo.has(other.name),
  );
}

function drawTrack(painter: Painter, row: Row, dragged: ReadonlySet<string>): void {
  const { scene } = painter;
  const { track, number } = row;
  const lastS = toSeconds(scene.scale, scene.width);
  const transitions: number[] = [];
  let lastPx = Number.NEGATIVE_INFINITY;
  const first = track.firstAfter(scene.scale.originS);
  for (let item = first; item < track.count; item++) {
    if (track.start(item) > lastS) break;
    if (track.kind(item) === TRANSITION) {
      transitions.push(item);
      continue;
    }
    const left = toPx(scene.scale, track.start(item));
    if (toPx(scene.scale, track.end(item)) - left < MIN_CLIP_PX) {
      if (Math.floor(left) <= lastPx) continue;
      lastPx = Math.floor(left);
    }
    const id = track.ids[item] ?? "";
    const style: ClipStyle = {
      isSelected: scene.selection.has(id),
      isHovered: scene.hover === id,
      isDimmed: row.isSilent || dragged.has(`${number} ${item}`),
      isGhost: false,
    };
    drawItem(painter, track, row.top, asGhost(track, number, item), style);
  }
  for (const item of transitions) drawTransition(painter, row, item);
}

/** An item where it lies. */
function asGhost(track: Track, row: number, item: number): Ghost {
  return {
    row,
    sourceRow: row,
    item,
    startS: track.start(item),
    endS: track.end(item),
    mediaStartS: track.mediaStart(item),
  };
}

function drawItem(
  painter: Painter,
  track: Track,
  top: number,
  ghost: Ghost,
  style: ClipStyle,
): void {
  const { scale } = painter.scene;
  const left = toPx(scale, ghost.startS);
  const rect = {
    left,
    top,
    width: Math.max(1, toPx(scale, ghost.endS) - left),
    height: rowHeight(track),
  };
  const isSubtitle = track.kind(ghost.item) === SUBTITLE;
  const drawAs = isSubtitle ? drawSubtitle : drawClip;
  drawAs(painter, track, ghost, rect, style);
}

function drawGhosts(painter: Painter): void {
  const { scene } = painter;
  const style = {
    isSelected: true,
    isHovered: false,
    isDimmed: false,
    isGhost: true,
  };
  for (const ghost of scene.ghosts) {
    const track = scene.timeline.tracks[ghost.sourceRow];
    const top = scene.tops[ghost.row];
    if (track && top !== undefined) drawItem(painter, track, top, ghost, style);
  }
}

/** Draw a transition: a crossed rectangle over the clips it joins. */
function drawTransition({ context, scene }: Painter, row: Row, item: number): void {
  const { track, top } = row;
  const left = toPx(scene.scale, track.start(item));
  const right = toPx(scene.scale, track.end(item));
  const bottom = top + rowHeight(track);
  context.fillStyle = "rgba(255, 196, 61, 0.28)";
  context.fillRect(left, top, right - left, bottom - top);
  context.strokeStyle = "rgba(255, 196, 61, 0.95)";
  context.lineWidth = 1.5;
  context.beginPath();
  context.rect(left + 0.75, top + 0.75, right - left - 1.5, bottom - top - 1.5);
  context.moveTo(left, bottom);
  context.lineTo(right, top);
  context.stroke();
}

/** Hatch the row of a locked track. */
function drawLockPattern({ context, palette }: Painter, rect: Rect): void {
  const { left, top, width, height } = rect;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.globalAlpha = 0.22;
  context.strokeStyle = palette.text;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = left - height; x < left + width; x += 10) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

function drawEmptyHint({ context, scene, palette }: Painter): void {
  context.fillStyle = palette.muted;
  context.textAlign = "center";
  const middle = (RULER_PX + scene.height) / 2;
  context.fillText(t("Nothing on the timeline yet"), scene.width / 2, middle);
  context.textAlign = "left";
}

/** Draw the snap line, the blade and the selection rectangle. */
function drawLines({ context, scene, palette }: Painter): void {
  const { scale, height } = scene;
  const line = (seconds: number, color: string) => {
    context.fillStyle = color;
    context.fillRect(Math.round(toPx(scale, seconds)), RULER_PX, 1, height);
  };
  if (scene.snapS !== undefined) line(scene.snapS, palette.accent);
  if (scene.bladeS !== undefined) line(scene.bladeS, palette.text);
  if (!scene.marquee) return;
  const [left, top, width, tall] = scene.marquee;
  context.globalAlpha = 0.18;
  context.fillStyle = palette.accent;
  context.fillRect(left, top, width, tall);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width, tall);
}

function drawPlayhead({ context, scene, palette }: Painter): void {
  const x = Math.round(toPx(scene.scale, scene.playheadS));
  context.fillStyle = palette.playhead;
  context.fillRect(x - 1, 8, 2, scene.height - 8);
  context.beginPath();
  context.moveTo(x - 6, 2);
  context.lineTo(x + 6, 2);
  context.lineTo(x + 6, 8);
  context.lineTo(x, 15);
  context.lineTo(x - 6, 8);
  context.fill();
}
