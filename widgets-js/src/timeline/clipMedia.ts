/** Draw what a clip shows and sounds like: thumbnails and a waveform. */

import { BAR_PX } from "./curves";
import type { Ghost } from "./dragState";
import type { Track } from "./model";
import { PEAKS_HZ, type Peaks, type Pictures } from "./pictures";
import { passing } from "./ramps";
import type { Painter, Rect } from "./scene";

const WIDE = 1.78;
// A short clip shows a part of a picture; of a shorter one nothing would be seen.
const MIN_STRIP_PX = 20;
const RAMP_PARTS = 8;
const WAVEFORM = "#8fe0c4";
// At most so many peaks are read for a pixel column.
const MAX_PEAKS_PER_PX = 24;

/** Draw pictures at media times on a grid, so that trimming leaves them in place. */
export function drawFilmstrip(
  { context, scene, pictures }: Painter,
  track: Track,
  ghost: Ghost,
  rect: Rect,
): void {
  const number = track.media(ghost.item);
  const media = scene.timeline.media[number];
  const height = rect.height - BAR_PX;
  const { thumbnails } = scene;
  if (!media?.hasPictures || rect.width < MIN_STRIP_PX || thumbnails === "off") return;
  const { pxPerS } = scene.scale;
  const strip = {
    cellPx: height * WIDE,
    firstPx: Math.max(0, -rect.left),
    lastPx: Math.min(rect.width, scene.width - rect.left),
    pxPerS,
  };
  const cells = track.ramp(ghost.item)
    ? rampCellsOf(passing(track, ghost), strip)
    : cellsOf(ghost.mediaStartS, track.rate(ghost.item), strip);
  for (const { mediaS, leftPx, widthPx } of cells) {
    const isEnd = leftPx <= 0 || leftPx + widthPx >= rect.width;
    if (thumbnails === "ends" && !isEnd) continue;
    const picture = pictures.thumb(number, mediaS);
    if (!picture) continue;
    const x = rect.left + leftPx;
    const cell = { x, y: rect.top + BAR_PX, width: widthPx + 0.5, height };
    drawCovering(context, picture, cell);
  }
}

interface Strip {
  /** The least width of a cell. */
  readonly cellPx: number;
  /** What is in view, from the clip's start. */
  readonly firstPx: number;
  readonly lastPx: number;
  readonly pxPerS: number;
}

interface Cell {
  readonly mediaS: number;
  readonly leftPx: number;
  readonly widthPx: number;
}

/** The cells of a filmstrip: media seconds on a grid, however fast they pass. Pure. */
export function* cellsOf(
  mediaStartS: number,
  rate: number,
  strip: Strip,
): Iterable<Cell> {
  const { cellPx, firstPx, lastPx, pxPerS } = strip;
  if (!rate) {
    // A freeze shows one picture all along.
    const widthPx = cellPx;
    for (let n = Math.floor(firstPx / cellPx); n * cellPx < lastPx; n++)
      yield { mediaS: mediaStartS, leftPx: n * cellPx, widthPx };
    return;
  }
  const pace = Math.abs(rate) / pxPerS;
  const stepS = 2 ** Math.ceil(Math.log2(cellPx * pace));
  const way = Math.sign(rate);
  const widthPx = stepS / pace;
  const firstS = mediaStartS + (firstPx * rate) / pxPerS;
  for (let n = Math.floor(firstS / stepS); ; n += way) {
    const edgeS = (way > 0 ? n : n + 1) * stepS;
    const leftPx = ((edgeS - mediaStartS) / rate) * pxPerS;
    if (leftPx >= lastPx) return;
    if (n >= 0) yield { mediaS: n * stepS, leftPx, widthPx };
    else if (way < 0) return;
  }
}

/** The cells of a filmstrip whose speed changes: each shows what its start does. Pure. */
export function* rampCellsOf(
  mediaAt: (seconds: number) => number,
  { cellPx, firstPx, lastPx, pxPerS }: Strip,
): Iterable<Cell> {
  // Media seconds on a fine grid: small changes of a ramp need few new pictures.
  const gridS = 2 ** Math.floor(Math.log2(cellPx / pxPerS)) / RAMP_PARTS;
  for (let n = Math.floor(firstPx / cellPx); n * cellPx < lastPx; n++) {
    const leftPx = n * cellPx;
    const mediaS = Math.round(mediaAt(leftPx / pxPerS) / gridS) * gridS;
    yield { mediaS: Math.max(0, mediaS), leftPx, widthPx: cellPx };
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

export function drawWaveform(
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
  const ownDb = ghost.level ?? track.value(ghost.item, "gain_db");
  const keyed = track.curve(ghost.item, "gain_db");
  const gainDb = track.gainDb + (keyed ? 0 : ownDb);
  const gain = 10 ** (gainDb / 20) * track.waveZoom;
  const mediaAt = passing(track, ghost);
  context.fillStyle = WAVEFORM;
  context.beginPath();
  for (let x = first; x < last; x++) {
    const oneS = mediaAt((x - rect.left) / pxPerS);
    const nextS = mediaAt((x + 1 - rect.left) / pxPerS);
    const edges = [Math.min(oneS, nextS), Math.max(oneS, nextS)] as const;
    const [low, high] = peakRange(pictures, number, ...edges);
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
  let minute = -1;
  let peaks: Peaks | undefined;
  for (let bin = first; bin < last; bin += stride) {
    const own = Math.floor(bin / (60 * PEAKS_HZ));
    if (own !== minute) peaks = pictures.wave(media, own);
    minute = own;
    const place = (bin - minute * 60 * PEAKS_HZ) * 2;
    low = Math.min(low, (peaks?.[place] ?? 0) / 127);
    high = Math.max(high, (peaks?.[place + 1] ?? 0) / 127);
  }
  return [low, high];
}
