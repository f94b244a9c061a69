/** Draw one clip: its name, pictures, sound and fades. */

import type { Palette } from "../ui/theme";
import type { Ghost } from "./drag";
import type { Track } from "./model";
import { PEAKS_HZ, type Pictures } from "./pictures";
import type { ClipStyle, Painter, Rect } from "./scene";

const COLORS = {
  video: { body: "#2c5a96", bar: "#3c74bd", text: "#ffffff" },
  audio: { body: "#1d6150", bar: "#2b7f69", text: "#ffffff" },
  subtitle: { body: "#6a4c9c", bar: "#6a4c9c", text: "#ffffff" },
} as const;
const OFFLINE = { body: "#8a2f2f", bar: "#a83a3a", text: "#ffffff" } as const;
const WAVEFORM = "#8fe0c4";
const BAR_PX = 15;
const MIN_NAME_PX = 26;
const MIN_DETAIL_PX = 6;
const CORNER_PX = 4;
// At most so many peaks are read for a pixel column.
const MAX_PEAKS_PER_PX = 24;

/** Draw a video or audio clip within a rectangle. */
export function drawClip(
  painter: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
  style: ClipStyle,
): void {
  const { context, scene, palette } = painter;
  const media = scene.timeline.media[track.media(ghost.item)];
  const isOnline = media?.isOnline !== false;
  const colors = isOnline ? COLORS[track.type] : OFFLINE;
  context.globalAlpha = style.isDimmed ? 0.38 : style.isGhost ? 0.85 : 1;
  if (rect.width < MIN_DETAIL_PX) {
    const { left, top, width, height } = rect;
    context.fillStyle = style.isSelected ? palette.accent : colors.bar;
    context.fillRect(left, top, width > 2 ? width - 0.5 : width, height);
    context.globalAlpha = 1;
    return;
  }
  context.save();
  traceOutline(context, rect);
  context.clip();
  context.fillStyle = colors.body;
  context.fillRect(rect.left, rect.top, rect.width, rect.height);
  if (isOnline) {
    if (track.type === "video") drawFilmstrip(painter, track, ghost, rect);
    else drawWaveform(painter, track, ghost, rect);
  }
  drawFades(painter, track, ghost, rect);
  context.fillStyle = colors.bar;
  context.fillRect(rect.left, rect.top, rect.width, BAR_PX);
  const name = track.names[ghost.item] ?? "";
  drawName(context, name, { ...rect, height: BAR_PX }, colors.text);
  context.restore();
  context.globalAlpha = 1;
  drawFrame(context, rect, style, palette);
}

/** Draw a subtitle within a rectangle. */
export function drawSubtitle(
  { context, palette }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
  style: ClipStyle,
): void {
  context.globalAlpha = style.isDimmed ? 0.38 : 1;
  context.save();
  traceOutline(context, rect);
  context.clip();
  context.fillStyle = COLORS.subtitle.body;
  context.fillRect(rect.left, rect.top, rect.width, rect.height);
  drawName(context, track.names[ghost.item] ?? "", rect, COLORS.subtitle.text);
  context.restore();
  context.globalAlpha = 1;
  drawFrame(context, rect, style, palette);
}

function traceOutline(context: CanvasRenderingContext2D, rect: Rect): void {
  context.beginPath();
  const width = Math.max(1, rect.width - 1);
  const corner = Math.min(CORNER_PX, width / 2);
  context.roundRect(rect.left, rect.top, width, rect.height, corner);
}

function drawFrame(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Rect,
  style: ClipStyle,
  palette: Palette,
): void {
  if (!style.isSelected && !style.isHovered) return;
  traceOutline(context, {
    left: left + 1,
    top: top + 1,
    width: width - 2,
    height: height - 2,
  });
  context.lineWidth = style.isSelected ? 2.5 : 1;
  context.strokeStyle = style.isSelected ? palette.accent : "rgba(255, 255, 255, 0.8)";
  context.stroke();
}

function drawName(
  context: CanvasRenderingContext2D,
  name: string,
  rect: Rect,
  color: string,
): void {
  // A long clip's name stays in view while the clip's start is scrolled out.
  const left = Math.max(rect.left, 0) + 6;
  const width = rect.left + rect.width - left - 6;
  if (width < MIN_NAME_PX) return;
  context.fillStyle = color;
  context.save();
  context.beginPath();
  context.rect(left, rect.top, width, rect.height);
  context.clip();
  context.fillText(name, left, rect.top + rect.height / 2 + 0.5);
  context.restore();
}

/** Draw pictures at media times on a grid, so that trimming leaves them in place. */
function drawFilmstrip(
  { context, scene, pictures }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
): void {
  const number = track.media(ghost.item);
  const media = scene.timeline.media[number];
  const height = rect.height - BAR_PX;
  if (!media?.hasPictures || rect.width < height) return;
  const { pxPerS } = scene.scale;
  const stepS = 2 ** Math.ceil(Math.log2((height * 1.78) / pxPerS));
  const first = Math.max(rect.left, 0);
  const last = Math.min(rect.left + rect.width, scene.width);
  const mediaS = ghost.mediaStartS + (first - rect.left) / pxPerS;
  for (let n = Math.floor(mediaS / stepS); ; n++) {
    const x = rect.left + (n * stepS - ghost.mediaStartS) * pxPerS;
    if (x >= last) break;
    const picture = pictures.thumb(number, n * stepS);
    if (!picture) continue;
    const cell = { x, y: rect.top + BAR_PX, width: stepS * pxPerS + 0.5, height };
    drawCovering(context, picture, cell);
  }
}

/** Draw a picture scaled to cover a cell, cropped to it around its center. */
function drawCovering(
  context: CanvasRenderingContext2D,
  picture: ImageBitmap,
  cell: { x: number; y: number; width: number; height: number },
): void {
  const scale = Math.max(cell.height / picture.height, cell.width / picture.width);
  const [width, height] = [cell.width / scale, cell.height / scale];
  const [left, top] = [(picture.width - width) / 2, (picture.height - height) / 2];
  const target = [cell.x, cell.y, cell.width, cell.height] as const;
  context.drawImage(picture, left, top, width, height, ...target);
}

function drawWaveform(
  { context, scene, pictures }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
): void {
  const number = track.media(ghost.item);
  if (!scene.timeline.media[number]?.hasSound) return;
  const { pxPerS } = scene.scale;
  const first = Math.floor(Math.max(rect.left, 0));
  const last = Math.ceil(Math.min(rect.left + rect.width, scene.width));
  const half = (rect.height - BAR_PX) / 2 - 1;
  const middle = rect.top + BAR_PX + half + 1;
  const gain = 10 ** (track.gainDb / 20);
  context.fillStyle = WAVEFORM;
  context.beginPath();
  for (let x = first; x < last; x++) {
    const startS = ghost.mediaStartS + (x - rect.left) / pxPerS;
    const [low, high] = peakRange(pictures, number, startS, startS + 1 / pxPerS);
    const top = Math.min(half, high * gain * half);
    const bottom = Math.max(-half, low * gain * half);
    context.rect(x, middle - top, 1, Math.max(0.6, top - bottom));
  }
  context.fill();
}

/** The least and greatest sample of a stretch of media, from -1 to 1. */
function peakRange(
  pictures: Pictures,
  media: number,
  startS: number,
  endS: number,
): [number, number] {
  let [low, high] = [0, 0];
  const first = Math.max(0, Math.floor(startS * PEAKS_HZ));
  const last = Math.max(first + 1, Math.floor(endS * PEAKS_HZ));
  const stride = Math.max(1, Math.floor((last - first) / MAX_PEAKS_PER_PX));
  for (let bin = first; bin < last; bin += stride) {
    const minute = Math.floor(bin / (60 * PEAKS_HZ));
    const peaks = pictures.wave(media, minute);
    const place = (bin - minute * 60 * PEAKS_HZ) * 2;
    low = Math.min(low, (peaks?.[place] ?? 0) / 127);
    high = Math.max(high, (peaks?.[place + 1] ?? 0) / 127);
  }
  return [low, high];
}

/** Darken the triangles that fades cut off a clip. */
function drawFades(
  { context, scene }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
): void {
  const { pxPerS } = scene.scale;
  const [fadeInS, fadeOutS] = [track.fadeIn(ghost.item), track.fadeOut(ghost.item)];
  if (!fadeInS && !fadeOutS) return;
  const [top, bottom] = [rect.top + BAR_PX, rect.top + rect.height];
  const right = rect.left + rect.width;
  context.fillStyle = "rgba(0, 0, 0, 0.5)";
  context.beginPath();
  context.moveTo(rect.left, top);
  context.lineTo(rect.left + fadeInS * pxPerS, top);
  context.lineTo(rect.left, bottom);
  context.moveTo(right, top);
  context.lineTo(right - fadeOutS * pxPerS, top);
  context.lineTo(right, bottom);
  context.fill();
}
