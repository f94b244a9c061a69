/**
 * The picture that a notebook keeps of a widget: as it was last seen, and so with all
 * changes by hand. Pages without a kernel show it, and so does what nbconvert writes.
 */

import type { Channel, Model } from "./channel";
import { modelIdOf, WIDGET_TYPE } from "./lab/mimeTypes";
import { contextOf } from "./notebook";
import { paletteOf } from "./ui/theme";

const WIDTH_PX = 960;
// A picture in portrait would make the cell long.
const PICTURE_PX = 480;
const QUALITY = 0.8;
const STORED = "image/jpeg";
// They show the edit as the cell ran; and where a notebook keeps the state of widgets,
// nbconvert would prefer a view that a program from elsewhere is to show.
const OUTDATED = ["image/png", "text/html", WIDGET_TYPE];

interface Part {
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
  /** Beside it. */
  readonly color: string;
}

/** Put the picture into the notebook each time that it is saved; returns what ends it. */
export function keepPicture(
  { model, channel, root }: { model: Model; channel: Channel; root: HTMLElement },
  place: HTMLElement,
): () => void {
  const context = contextOf(model);
  const onSave = (_: unknown, state: string) => {
    // Only our own renderer goes on with the widget when its output is replaced.
    const renderer = place.closest<HTMLElement>("[data-timeline-nb-model]");
    const id = renderer?.dataset.timelineNbModel;
    if (state !== "started" || !id || channel.state === "opening") return;
    const jpeg = pictureOf(root);
    if (jpeg) store(model, id, jpeg);
  };
  context?.saveState?.connect(onSave);
  return () => context?.saveState?.disconnect(onSave);
}

function store(model: Model, id: string, jpeg: string): void {
  for (const { outputs } of contextOf(model)?.model?.cells ?? []) {
    for (let n = 0; n < (outputs?.length ?? 0); n++) {
      const output = outputs?.get(n).toJSON();
      if (!output?.data || modelIdOf(output.data) !== id) continue;
      if (output.data[STORED] === jpeg) continue;
      const data: Record<string, unknown> = { ...output.data, [STORED]: jpeg };
      for (const type of OUTDATED) delete data[type];
      outputs?.set(n, { ...output, data });
    }
  }
}

/** What the widget shows, as a JPEG in Base64; empty if it shows nothing yet. */
export function pictureOf(root: HTMLElement): string {
  const parts: Part[] = [];
  const picture = canvasOf(root, "picture");
  if (picture?.dataset.frame !== undefined) {
    const { width, height } = picture;
    const factor = Math.min(WIDTH_PX / width, PICTURE_PX / height);
    const color = getComputedStyle(root).getPropertyValue("--tnb-well");
    const size = { width: width * factor, height: height * factor };
    parts.push({ canvas: picture, color, ...size });
  }
  const timeline = canvasOf(root, "timeline");
  if (timeline?.width) {
    const height = (rowsPx(timeline) * WIDTH_PX) / timeline.width;
    const color = paletteOf(root).background;
    parts.push({ canvas: timeline, color, width: WIDTH_PX, height });
  }
  const sheet = document.createElement("canvas");
  sheet.width = WIDTH_PX;
  sheet.height = Math.round(parts.reduce((sum, part) => sum + part.height, 0));
  const to = sheet.getContext("2d");
  if (!to || !sheet.height) return "";
  let top = 0;
  for (const { canvas, width, height, color } of parts) {
    to.fillStyle = color;
    to.fillRect(0, top, WIDTH_PX, height);
    // Of a canvas that is higher, what is on top.
    const part = (height * canvas.width) / width;
    const left = (WIDTH_PX - width) / 2;
    to.drawImage(canvas, 0, 0, canvas.width, part, left, top, width, height);
    top += height;
  }
  try {
    return sheet.toDataURL(STORED, QUALITY).split(",")[1] ?? "";
  } catch {
    // A picture from elsewhere cannot be read.
    return "";
  }
}

/** The height of a timeline's rows, without the free space below them. */
function rowsPx(timeline: HTMLCanvasElement): number {
  const bottom = (JSON.parse(timeline.dataset.tops ?? "[]") as number[]).at(-1);
  const density = timeline.height / Math.max(1, timeline.clientHeight);
  return bottom ? Math.min(timeline.height, bottom * density) : timeline.height;
}

function canvasOf(root: HTMLElement, name: string): HTMLCanvasElement | undefined {
  const found = root.querySelector<HTMLCanvasElement>(`canvas[data-testid=${name}]`);
  return found?.width && found.height ? found : undefined;
}
