/** Draws a timeline on a canvas. Names are drawn as text, and so cannot become markup. */

import { t } from "../i18n";
import { timecode } from "../time";
import type { Palette } from "../ui/theme";
import { drawClip, drawSubtitle } from "./clips";
import type { Ghost } from "./drag";
import { RULER_PX, rowHeight, type Scale, tickStep, toPx, toSeconds } from "./geometry";
import { SUBTITLE, type Timeline, TRANSITION, type Track } from "./model";
import type { Pictures } from "./pictures";

export interface Scene {
  readonly timeline: Timeline;
  readonly scale: Scale;
  readonly tops: readonly number[];
  readonly scrollPx: number;
  readonly width: number;
  readonly height: number;
  readonly selection: ReadonlySet<string>;
  readonly hover: string;
  readonly ghosts: readonly Ghost[];
  readonly snapS: number | undefined;
  readonly bladeS: number | undefined;
  readonly marquee: readonly [number, number, number, number] | undefined;
  readonly playheadS: number;
  readonly solo: ReadonlySet<string>;
}

/** What a clip looks like. */
export interface Look {
  readonly selected: boolean;
  readonly hover: boolean;
  readonly dimmed: boolean;
  readonly ghost: boolean;
}

// Of clips narrower than this, the first in each pixel is drawn.
const LEAST_PX = 1.5;

export function draw(
  context: CanvasRenderingContext2D,
  scene: Scene,
  pictures: Pictures,
  palette: Palette,
): void {
  const { width, height } = scene;
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, width, height);
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  pictures.begin();
  context.save();
  context.beginPath();
  context.rect(0, RULER_PX, width, height - RULER_PX);
  context.clip();
  context.translate(0, RULER_PX - scene.scrollPx);
  drawRows(context, scene, pictures, palette);
  drawGhosts(context, scene, pictures, palette);
  context.restore();
  if (!scene.timeline.tracks.length) drawEmpty(context, scene, palette);
  drawRuler(context, scene, palette);
  drawLines(context, scene, palette);
  pictures.settle();
}

function drawRows(
  context: CanvasRenderingContext2D,
  scene: Scene,
  pictures: Pictures,
  palette: Palette,
): void {
  const taken = new Set(
    scene.ghosts.map((ghost) => `${ghost.sourceRow} ${ghost.item}`),
  );
  for (const [row, track] of scene.timeline.tracks.entries()) {
    const top = scene.tops[row] ?? 0;
    const high = rowHeight(track);
    if (top + high < scene.scrollPx) continue;
    if (top > scene.scrollPx + scene.height) break;
    context.fillStyle = palette.lane;
    context.fillRect(0, top, scene.width, high);
    const silent = !track.enabled || isSoloedOut(scene, track);
    drawTrack(context, scene, track, row, top, pictures, palette, taken, silent);
    if (track.locked) hatch(context, top, high, scene.width, palette);
  }
}

function isSoloedOut(scene: Scene, track: Track): boolean {
  if (!scene.solo.size || scene.solo.has(track.name)) return false;
  return scene.timeline.tracks.some(
    (o) => o.type === track.type && scene.solo.has(o.name),
  );
}

function drawTrack(
  context: CanvasRenderingContext2D,
  scene: Scene,
  track: Track,
  row: number,
  top: number,
  pictures: Pictures,
  palette: Palette,
  taken: ReadonlySet<string>,
  silent: boolean,
): void {
  const { scale } = scene;
  const last = toSeconds(scale, scene.width);
  const bridges: number[] = [];
  let lastPx = Number.NEGATIVE_INFINITY;
  for (let item = track.firstAfter(scale.originS); item < track.count; item++) {
    if (track.start(item) > last) break;
    if (track.kind(item) === TRANSITION) {
      bridges.push(item);
      continue;
    }
    const left = toPx(scale, track.start(item));
    const wide = toPx(scale, track.end(item)) - left;
    if (wide < LEAST_PX) {
      if (Math.floor(left) <= lastPx) continue;
      lastPx = Math.floor(left);
    }
    const id = track.ids[item] ?? "";
    const ghost: Ghost = {
      row,
      sourceRow: row,
      item,
      startS: track.start(item),
      endS: track.end(item),
      mediaStartS: track.mediaStart(item),
    };
    const look: Look = {
      selected: scene.selection.has(id),
      hover: scene.hover === id,
      dimmed: silent || taken.has(`${row} ${item}`),
      ghost: false,
    };
    drawItem(context, scene, track, top, ghost, look, pictures, palette);
  }
  for (const item of bridges) drawBridge(context, scale, track, item, top);
}

function drawItem(
  context: CanvasRenderingContext2D,
  scene: Scene,
  track: Track,
  top: number,
  ghost: Ghost,
  look: Look,
  pictures: Pictures,
  palette: Palette,
): void {
  const left = toPx(scene.scale, ghost.startS);
  const box = {
    left,
    top,
    wide: Math.max(1, toPx(scene.scale, ghost.endS) - left),
    high: rowHeight(track),
  };
  if (track.kind(ghost.item) === SUBTITLE) {
    drawSubtitle(context, track, ghost, box, look, palette);
  } else {
    drawClip(context, scene, track, ghost, box, look, pictures, palette);
  }
}

function drawGhosts(
  context: CanvasRenderingContext2D,
  scene: Scene,
  pictures: Pictures,
  palette: Palette,
): void {
  for (const ghost of scene.ghosts) {
    const track = scene.timeline.tracks[ghost.sourceRow];
    const top = scene.tops[ghost.row];
    if (!track || top === undefined) continue;
    const look = { selected: true, hover: false, dimmed: false, ghost: true };
    drawItem(context, scene, track, top, ghost, look, pictures, palette);
  }
}

/** A transition: a bow tie over the clips it joins. */
function drawBridge(
  context: CanvasRenderingContext2D,
  scale: Scale,
  track: Track,
  item: number,
  top: number,
): void {
  const left = toPx(scale, track.start(item));
  const right = toPx(scale, track.end(item));
  const foot = top + rowHeight(track);
  context.fillStyle = "rgba(255, 196, 61, 0.28)";
  context.fillRect(left, top, right - left, foot - top);
  context.strokeStyle = "rgba(255, 196, 61, 0.95)";
  context.lineWidth = 1.5;
  context.beginPath();
  context.rect(left + 0.75, top + 0.75, right - left - 1.5, foot - top - 1.5);
  context.moveTo(left, foot);
  context.lineTo(right, top);
  context.stroke();
}

function hatch(
  context: CanvasRenderingContext2D,
  top: number,
  high: number,
  wide: number,
  palette: Palette,
): void {
  context.save();
  context.beginPath();
  context.rect(0, top, wide, high);
  context.clip();
  context.globalAlpha = 0.22;
  context.strokeStyle = palette.ink;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = -high; x < wide; x += 10) {
    context.moveTo(x, top + high);
    context.lineTo(x + high, top);
  }
  context.stroke();
  context.restore();
}

function drawEmpty(
  context: CanvasRenderingContext2D,
  scene: Scene,
  palette: Palette,
): void {
  context.fillStyle = palette.muted;
  context.textAlign = "center";
  const middle = (RULER_PX + scene.height) / 2;
  context.fillText(t("Nothing on the timeline yet"), scene.width / 2, middle);
  context.textAlign = "left";
}

function drawRuler(
  context: CanvasRenderingContext2D,
  scene: Scene,
  palette: Palette,
): void {
  const { scale, timeline, width } = scene;
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, width, RULER_PX);
  context.fillStyle = palette.line;
  context.fillRect(0, RULER_PX - 1, width, 1);
  const step = tickStep(scale, timeline.rate);
  const minor = step / 5;
  const first = Math.floor(scale.originS / step) * step;
  const last = toSeconds(scale, width);
  for (let n = 0; first + n * minor <= last; n++) {
    const seconds = first + n * minor;
    const x = Math.round(toPx(scale, seconds));
    const major = n % 5 === 0;
    context.fillStyle = major ? palette.muted : palette.line;
    context.fillRect(x, RULER_PX - (major ? 10 : 5), 1, major ? 9 : 4);
    if (major) context.fillText(timecode(seconds, timeline.rate), x + 4, 9);
  }
  for (const marker of timeline.markers) {
    const x = toPx(scale, marker.startS);
    if (x < -200 || x > width) continue;
    context.fillStyle = marker.color;
    if (!CSS.supports("color", marker.color)) context.fillStyle = palette.accent;
    const wide = Math.max(0, marker.durationS * scale.pxPerS);
    if (wide) context.fillRect(x, RULER_PX - 4, wide, 3);
    context.beginPath();
    context.moveTo(x - 5, 12);
    context.lineTo(x + 5, 12);
    context.lineTo(x + 5, 19);
    context.lineTo(x, RULER_PX - 1);
    context.lineTo(x - 5, 19);
    context.fill();
  }
}

function drawLines(
  context: CanvasRenderingContext2D,
  scene: Scene,
  palette: Palette,
): void {
  const { scale, height } = scene;
  if (scene.snapS !== undefined) {
    context.fillStyle = palette.accent;
    context.fillRect(Math.round(toPx(scale, scene.snapS)), RULER_PX, 1, height);
  }
  if (scene.bladeS !== undefined) {
    context.fillStyle = palette.ink;
    context.fillRect(Math.round(toPx(scale, scene.bladeS)), RULER_PX, 1, height);
  }
  if (scene.marquee) {
    const [left, top, wide, high] = scene.marquee;
    context.globalAlpha = 0.18;
    context.fillStyle = palette.accent;
    context.fillRect(left, top, wide, high);
    context.globalAlpha = 1;
    context.strokeStyle = palette.accent;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, wide, high);
  }
  const x = Math.round(toPx(scale, scene.playheadS));
  context.fillStyle = palette.playhead;
  context.fillRect(x - 1, 8, 2, height - 8);
  context.beginPath();
  context.moveTo(x - 6, 2);
  context.lineTo(x + 6, 2);
  context.lineTo(x + 6, 8);
  context.lineTo(x, 15);
  context.lineTo(x - 6, 8);
  context.fill();
}
