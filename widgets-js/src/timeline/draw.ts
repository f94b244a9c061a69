/** Draw a timeline on a canvas. Names are drawn as text, and so cannot become markup. */

import { t } from "../i18n";
import { drawClipMarkers } from "./clipMarkers";
import { drawClip, drawSubtitle } from "./clips";
import type { Ghost, Push } from "./dragState";
import { fittedText } from "./fittedText";
import { RULER_PX, rowHeight, toPx, toSeconds } from "./geometry";
import { SUBTITLE, TRANSITION, type Track } from "./model";
import { drawDrop, drawLost, followingGhosts, piecesOf, pushesOf } from "./planned";
import { drawRuler } from "./ruler";
import type { ClipStyle, Painter, Rect, Scene } from "./scene";

/** A track, and where and how it is drawn. */
interface Row {
  readonly track: Track;
  readonly number: number;
  readonly top: number;
  /** Hidden, muted, or not among the solo tracks. */
  readonly isSilent: boolean;
  /** What moves along with what is dragged. */
  readonly push: Push | undefined;
}

const BRIDGE = "#ffc43d";
// The part of its row that a transition takes: below it the cut is taken.
const BRIDGE_SHARE = 0.7;
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
  const bridges = drawRows(painter);
  drawClipMarkers(painter);
  drawGhosts(painter);
  for (const [row, item] of bridges) drawTransition(painter, row, item);
  drawLost(painter, scene.drag?.plan);
  drawDrop(painter);
  context.restore();
  drawRuler(painter);
  drawLines(painter);
  drawPlayhead(painter);
  pictures.settle();
}

/** Draw the items of all rows; returns the transitions, which lie over them. */
function drawRows(painter: Painter): [Row, number][] {
  const bridges: [Row, number][] = [];
  const { context, scene, palette } = painter;
  const dragged = new Set(
    [...scene.ghosts, ...followingGhosts(scene)].map(
      (ghost) => `${ghost.sourceRow} ${ghost.item}`,
    ),
  );
  const pushes = pushesOf(scene);
  for (const [number, track] of scene.timeline.tracks.entries()) {
    const top = scene.tops[number] ?? 0;
    const height = rowHeight(track);
    if (top + height < scene.scrollPx) continue;
    if (top > scene.scrollPx + scene.height) break;
    context.fillStyle = palette.lane;
    context.fillRect(0, top, scene.width, height);
    const isSilent = !track.enabled || isSoloedOut(scene, track);
    const push = pushes.get(number);
    const row = { track, number, top, isSilent, push };
    for (const item of drawTrack(painter, row, dragged)) bridges.push([row, item]);
    if (track.locked) {
      drawLockPattern(painter, { left: 0, top, width: scene.width, height });
    }
  }
  return bridges;
}

function isSoloedOut(scene: Scene, track: Track): boolean {
  if (!scene.solo.size || scene.solo.has(track.name)) return false;
  return scene.timeline.tracks.some(
    (other) => other.type === track.type && scene.solo.has(other.name),
  );
}

function drawTrack(
  painter: Painter,
  row: Row,
  dragged: ReadonlySet<string>,
): readonly number[] {
  const { scene } = painter;
  const { track, number } = row;
  const byS = row.push?.byS ?? 0;
  const lastS = toSeconds(scene.scale, scene.width) - Math.min(0, byS);
  const transitions: number[] = [];
  let lastPx = Number.NEGATIVE_INFINITY;
  const first = track.firstAfter(scene.scale.originS - Math.max(0, byS));
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
    const isDragged = dragged.has(`${number} ${item}`);
    if (isDragged && !scene.drag?.leavesTrace) continue;
    const id = track.ids[item] ?? "";
    const style: ClipStyle = {
      // What is dragged away shows its ring where it goes.
      isSelected: scene.selection.has(id) && !isDragged,
      isHovered: scene.hover === id,
      isDimmed: row.isSilent || isDragged,
      isGhost: false,
    };
    for (const piece of piecesOf(scene, row.push, track, asGhost(track, number, item)))
      drawItem(painter, track, row.top, piece, style);
  }
  return transitions;
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
  for (const ghost of [...scene.ghosts, ...followingGhosts(scene)]) {
    const track = scene.timeline.tracks[ghost.sourceRow];
    const top = scene.tops[ghost.row];
    if (!track || top === undefined) continue;
    const style = {
      isSelected: scene.selection.has(track.ids[ghost.item] ?? ""),
      isHovered: false,
      isDimmed: false,
      isGhost: true,
    };
    drawItem(painter, track, top, ghost, style);
  }
}

/** How far the cut of a transition moves with what is dragged. */
function shiftOfCut(
  { drag }: Scene,
  { track, number, push }: Row,
  item: number,
): number {
  const start = track.start(item + 1);
  const ghost = drag?.ghosts.find(
    (one) => one.sourceRow === number && one.item === item + 1,
  );
  if (ghost && !drag?.leavesTrace) return ghost.startS - start;
  return push && start >= push.fromS - 1e-6 ? push.byS : 0;
}

/** Draw a transition: a box with a rising line over the clips it joins. */
function drawTransition({ context, scene }: Painter, row: Row, item: number): void {
  const { track, top, number } = row;
  const bridge = scene.drag?.bridge;
  const isDragged = bridge?.row === number && bridge.item === item;
  const byS = shiftOfCut(scene, row, item);
  const left = toPx(scene.scale, isDragged ? bridge.startS : track.start(item) + byS);
  const right = toPx(scene.scale, isDragged ? bridge.endS : track.end(item) + byS);
  const width = Math.max(2, right - left);
  const height = Math.round(rowHeight(track) * BRIDGE_SHARE);
  context.beginPath();
  context.roundRect(left + 0.75, top + 0.75, width - 1.5, height, 3);
  context.fillStyle = "rgba(22, 22, 26, 0.72)";
  context.fill();
  context.lineWidth = isDragged ? 2.5 : 1.5;
  context.strokeStyle = isDragged ? "#ffffff" : BRIDGE;
  context.stroke();
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(left + 2, top + height - 1);
  context.lineTo(left + width - 2, top + 2);
  context.stroke();
  const name = fittedText(context, t(capitalized(track.names[item] ?? "")), width - 14);
  if (name.length < 3) return;
  context.fillStyle = "#ffffff";
  context.fillText(name, left + 6, top + 9);
}

/** The name of a kind as it is shown: "film_dissolve" is "Film dissolve". */
function capitalized(kind: string): string {
  const words = kind.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
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

/** Draw the snap line, the blade and the selection rectangle. */
function drawLines({ context, scene, palette }: Painter): void {
  const { scale, height } = scene;
  const line = (seconds: number, color: string) => {
    context.fillStyle = color;
    context.fillRect(Math.round(toPx(scale, seconds)), RULER_PX, 1, height);
  };
  if (scene.snapS !== undefined) line(scene.snapS, palette.accent);
  if (scene.drop) line(scene.drop.atS, palette.text);
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
