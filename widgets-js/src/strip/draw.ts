/** Draws a view on a canvas. Names are drawn as text, and so cannot become markup. */

import { t } from "../i18n";
import type { StripTrack, StripView } from "../protocol";
import { timecode } from "../time";
import {
  fitted,
  GAP_PX,
  ROW_PX,
  RULER_PX,
  type Scale,
  shown,
  tickStep,
  toPx,
} from "./geometry";

export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly paper: string;
  readonly accent: string;
  readonly font: string;
}

const FILL = { video: "#3f6db5", audio: "#2b8a72", subtitle: "#7d5fb2" } as const;
const TRANSITION = "rgba(245, 184, 61, 0.85)";
const NAME_ROOM_PX = 24;

/** JupyterLab's colours and font, where the page has them. */
export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const get = (name: string, fallback: string) =>
    style.getPropertyValue(name).trim() || fallback;
  return {
    ink: get("--jp-ui-font-color1", "#212121"),
    muted: get("--jp-ui-font-color2", "#616161"),
    paper: get("--jp-layout-color2", "#eeeeee"),
    accent: get("--jp-error-color1", "#d32f2f"),
    font: get("--jp-ui-font-family", "system-ui, sans-serif"),
  };
}

export function draw(
  context: CanvasRenderingContext2D,
  view: StripView,
  playheadS: number,
  palette: Palette,
): void {
  const { width, height } = context.canvas;
  const density = context.getTransform().a || 1;
  const [wide, high] = [width / density, height / density];
  const scale = fitted(view.durationS, wide);
  context.clearRect(0, 0, wide, high);
  context.textBaseline = "middle";
  context.font = `12px ${palette.font}`;
  if (!view.tracks.length) {
    context.fillStyle = palette.muted;
    context.fillText(t("strip.empty"), 8, RULER_PX + ROW_PX / 2);
    return;
  }
  drawRuler(context, view, scale, wide, palette);
  view.tracks.forEach((track, row) => {
    drawTrack(context, track, RULER_PX + row * (ROW_PX + GAP_PX), scale, wide, palette);
  });
  const x = Math.round(toPx(scale, playheadS));
  context.fillStyle = palette.accent;
  context.fillRect(x - 1, RULER_PX - 8, 2, high - RULER_PX + 8);
  context.beginPath();
  context.moveTo(x - 5, RULER_PX - 10);
  context.lineTo(x + 5, RULER_PX - 10);
  context.lineTo(x, RULER_PX - 2);
  context.fill();
}

function drawRuler(
  context: CanvasRenderingContext2D,
  view: StripView,
  scale: Scale,
  wide: number,
  palette: Palette,
): void {
  const rate = { num: view.rateNum, den: view.rateDen };
  // Seconds as timecode counts them: 30 frames, at 30000/1001 too.
  const step =
    tickStep(scale) * ((Math.ceil(rate.num / rate.den) * rate.den) / rate.num);
  context.fillStyle = palette.muted;
  for (let seconds = 0; seconds <= view.durationS; seconds += step) {
    const x = toPx(scale, seconds);
    context.fillRect(Math.round(x), RULER_PX - 7, 1, 5);
    if (x + 80 < wide) context.fillText(timecode(seconds, rate), x + 4, 9);
  }
}

function drawTrack(
  context: CanvasRenderingContext2D,
  track: StripTrack,
  top: number,
  scale: Scale,
  wide: number,
  palette: Palette,
): void {
  context.fillStyle = palette.muted;
  context.fillText(track.name, 8, top + ROW_PX / 2, 32);
  context.fillStyle = palette.paper;
  context.fillRect(scale.originPx, top, wide - scale.originPx, ROW_PX);
  context.globalAlpha = track.enabled ? 1 : 0.4;
  const transitions: [number, number][] = [];
  for (const item of shown(track, scale)) {
    const left = toPx(scale, track.startsS[item] ?? 0);
    const width = Math.max(1, toPx(scale, track.endsS[item] ?? 0) - left);
    if (track.types[item] === "t") transitions.push([left, width]);
    else drawItem(context, track.names[item] ?? "", FILL[track.kind], left, top, width);
  }
  context.fillStyle = TRANSITION;
  for (const [left, width] of transitions) {
    context.beginPath();
    context.moveTo(left, top + ROW_PX);
    context.lineTo(left + width, top);
    context.lineTo(left + width, top + ROW_PX);
    context.fill();
  }
  context.globalAlpha = 1;
}

function drawItem(
  context: CanvasRenderingContext2D,
  name: string,
  fill: string,
  left: number,
  top: number,
  width: number,
): void {
  context.fillStyle = fill;
  context.fillRect(left, top, width > 3 ? width - 1 : width, ROW_PX);
  if (width < NAME_ROOM_PX) return;
  context.save();
  context.beginPath();
  context.rect(left, top, width - 6, ROW_PX);
  context.clip();
  context.fillStyle = "#ffffff";
  context.fillText(name, left + 6, top + ROW_PX / 2);
  context.restore();
}
