/** Draws one clip: its name, pictures, sound and fades. */

import type { Palette } from "../ui/theme";
import type { Ghost } from "./drag";
import type { Look, Scene } from "./draw";
import type { Track } from "./model";
import { PEAKS_HZ, type Pictures } from "./pictures";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly wide: number;
  readonly high: number;
}

const FILL = {
  video: { body: "#2c5a96", bar: "#3c74bd", ink: "#ffffff" },
  audio: { body: "#1d6150", bar: "#2b7f69", ink: "#ffffff" },
  subtitle: { body: "#6a4c9c", bar: "#6a4c9c", ink: "#ffffff" },
} as const;
const OFFLINE = { body: "#8a2f2f", bar: "#a83a3a", ink: "#ffffff" } as const;
const WAVE = "#8fe0c4";
const BAR_PX = 15;
const NAME_ROOM_PX = 26;
const DETAIL_PX = 6;
const ROUND_PX = 4;

export function drawClip(
  context: CanvasRenderingContext2D,
  scene: Scene,
  track: Track,
  ghost: Ghost,
  box: Box,
  look: Look,
  pictures: Pictures,
  palette: Palette,
): void {
  const media = scene.timeline.media[track.media(ghost.item)];
  const colors = media?.isOnline === false ? OFFLINE : FILL[track.type];
  context.globalAlpha = look.dimmed ? 0.38 : look.ghost ? 0.85 : 1;
  if (box.wide < DETAIL_PX) {
    context.fillStyle = look.selected ? palette.accent : colors.bar;
    context.fillRect(
      box.left,
      box.top,
      box.wide > 2 ? box.wide - 0.5 : box.wide,
      box.high,
    );
    context.globalAlpha = 1;
    return;
  }
  context.save();
  outline(context, box);
  context.clip();
  context.fillStyle = colors.body;
  context.fillRect(box.left, box.top, box.wide, box.high);
  if (media?.isOnline !== false) {
    if (track.type === "video") filmstrip(context, scene, track, ghost, box, pictures);
    else waveform(context, scene, track, ghost, box, pictures);
  }
  fades(context, scene, track, ghost, box);
  context.fillStyle = colors.bar;
  context.fillRect(box.left, box.top, box.wide, BAR_PX);
  const name = track.names[ghost.item] ?? "";
  label(context, name, box, BAR_PX, colors.ink);
  context.restore();
  context.globalAlpha = 1;
  frame(context, box, look, palette);
}

export function drawSubtitle(
  context: CanvasRenderingContext2D,
  track: Track,
  ghost: Ghost,
  box: Box,
  look: Look,
  palette: Palette,
): void {
  context.globalAlpha = look.dimmed ? 0.38 : 1;
  context.save();
  outline(context, box);
  context.clip();
  context.fillStyle = FILL.subtitle.body;
  context.fillRect(box.left, box.top, box.wide, box.high);
  label(context, track.names[ghost.item] ?? "", box, box.high, FILL.subtitle.ink);
  context.restore();
  context.globalAlpha = 1;
  frame(context, box, look, palette);
}

function outline(context: CanvasRenderingContext2D, box: Box): void {
  context.beginPath();
  const wide = Math.max(1, box.wide - 1);
  context.roundRect(box.left, box.top, wide, box.high, Math.min(ROUND_PX, wide / 2));
}

function frame(
  context: CanvasRenderingContext2D,
  box: Box,
  look: Look,
  palette: Palette,
): void {
  if (!look.selected && !look.hover) return;
  outline(context, {
    left: box.left + 1,
    top: box.top + 1,
    wide: box.wide - 2,
    high: box.high - 2,
  });
  context.lineWidth = look.selected ? 2.5 : 1;
  context.strokeStyle = look.selected ? palette.accent : "rgba(255, 255, 255, 0.8)";
  context.stroke();
}

function label(
  context: CanvasRenderingContext2D,
  name: string,
  box: Box,
  high: number,
  ink: string,
): void {
  // A long clip's name stays in view while its head is scrolled out.
  const left = Math.max(box.left, 0) + 6;
  const room = box.left + box.wide - left - 6;
  if (room < NAME_ROOM_PX) return;
  context.fillStyle = ink;
  context.save();
  context.beginPath();
  context.rect(left, box.top, room, high);
  context.clip();
  context.fillText(name, left, box.top + high / 2 + 0.5);
  context.restore();
}

/** Pictures at media times on a grid, so that they stay in place while trimming. */
function filmstrip(
  context: CanvasRenderingContext2D,
  scene: Scene,
  track: Track,
  ghost: Ghost,
  box: Box,
  pictures: Pictures,
): void {
  const number = track.media(ghost.item);
  const media = scene.timeline.media[number];
  const high = box.high - BAR_PX;
  if (!media?.hasPictures || box.wide < high) return;
  const pxPerS = scene.scale.pxPerS;
  const step = 2 ** Math.ceil(Math.log2((high * 1.78) / pxPerS));
  const first = Math.max(box.left, 0);
  const last = Math.min(box.left + box.wide, scene.width);
  const mediaAt = (x: number) => ghost.mediaStartS + (x - box.left) / pxPerS;
  for (let n = Math.floor(mediaAt(first) / step); ; n++) {
    const x = box.left + (n * step - ghost.mediaStartS) * pxPerS;
    if (x >= last) break;
    const picture = pictures.thumb(number, n * step);
    if (!picture) continue;
    const wide = step * pxPerS + 0.5;
    // Scaled to cover the step's cell, and cut to it.
    const scale = Math.max(high / picture.height, wide / picture.width);
    const [shown, tall] = [wide / scale, high / scale];
    const [left, top] = [(picture.width - shown) / 2, (picture.height - tall) / 2];
    context.drawImage(picture, left, top, shown, tall, x, box.top + BAR_PX, wide, high);
  }
}

function waveform(
  context: CanvasRenderingContext2D,
  scene: Scene,
  track: Track,
  ghost: Ghost,
  box: Box,
  pictures: Pictures,
): void {
  const number = track.media(ghost.item);
  if (!scene.timeline.media[number]?.hasSound) return;
  const pxPerS = scene.scale.pxPerS;
  const first = Math.floor(Math.max(box.left, 0));
  const last = Math.ceil(Math.min(box.left + box.wide, scene.width));
  const half = (box.high - BAR_PX) / 2 - 1;
  const middle = box.top + BAR_PX + half + 1;
  const gain = 10 ** (track.gainDb / 20);
  context.fillStyle = WAVE;
  context.beginPath();
  for (let x = first; x < last; x++) {
    const begin = ghost.mediaStartS + (x - box.left) / pxPerS;
    const [low, high] = extremes(pictures, number, begin, begin + 1 / pxPerS);
    const top = Math.min(half, high * gain * half);
    const foot = Math.max(-half, low * gain * half);
    context.rect(x, middle - top, 1, Math.max(0.6, top - foot));
  }
  context.fill();
}

function extremes(
  pictures: Pictures,
  media: number,
  beginS: number,
  endS: number,
): [number, number] {
  let [low, high] = [0, 0];
  const first = Math.max(0, Math.floor(beginS * PEAKS_HZ));
  const last = Math.max(first + 1, Math.floor(endS * PEAKS_HZ));
  // From far away, a few samples of a pixel tell enough.
  const stride = Math.max(1, Math.floor((last - first) / 24));
  for (let bin = first; bin < last; bin += stride) {
    const minute = Math.floor(bin / (60 * PEAKS_HZ));
    const peaks = pictures.wave(media, minute);
    const place = (bin - minute * 60 * PEAKS_HZ) * 2;
    low = Math.min(low, (peaks?.[place] ?? 0) / 127);
    high = Math.max(high, (peaks?.[place + 1] ?? 0) / 127);
  }
  return [low, high];
}

function fades(
  context: CanvasRenderingContext2D,
  scene: Scene,
  track: Track,
  ghost: Ghost,
  box: Box,
): void {
  const pxPerS = scene.scale.pxPerS;
  const [rise, fall] = [track.fadeIn(ghost.item), track.fadeOut(ghost.item)];
  if (!rise && !fall) return;
  const [top, foot] = [box.top + BAR_PX, box.top + box.high];
  const right = box.left + box.wide;
  context.fillStyle = "rgba(0, 0, 0, 0.5)";
  context.beginPath();
  context.moveTo(box.left, top);
  context.lineTo(box.left + rise * pxPerS, top);
  context.lineTo(box.left, foot);
  context.moveTo(right, top);
  context.lineTo(right - fall * pxPerS, top);
  context.lineTo(right, foot);
  context.fill();
}
