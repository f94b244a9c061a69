/** The timeline strip: a canvas that follows the edit, and a playhead one can move. */

import { t } from "../i18n";
import type { StripView } from "../protocol";
import { frameAt, frameTime, type Rate, timecode } from "../time";
import { draw, paletteOf } from "./draw";
import { fitted, heightPx, toSeconds } from "./geometry";

export interface StripModel {
  get(name: "view"): StripView;
  get(name: "playhead"): number;
  set(name: "playhead", value: number): void;
  save_changes(): void;
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

export function render({
  model,
  el,
}: {
  model: StripModel;
  el: HTMLElement;
}): () => void {
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.dataset.testid = "timeline-strip";
  // Lab would take the arrow keys; Escape gives them back to it.
  canvas.dataset.lmSuppressShortcuts = "true";
  canvas.setAttribute("role", "slider");
  canvas.setAttribute("aria-valuemin", "0");
  canvas.style.cssText = "display:block;width:100%;cursor:text;touch-action:none";
  el.append(canvas);

  const rate = (): Rate => ({
    num: model.get("view").rateNum,
    den: model.get("view").rateDen,
  });
  let asked = 0;
  const paint = () => {
    asked = 0;
    const view = model.get("view");
    const density = window.devicePixelRatio || 1;
    const [wide, high] = [el.clientWidth || 640, heightPx(view)];
    canvas.width = Math.round(wide * density);
    canvas.height = Math.round(high * density);
    canvas.style.height = `${high}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(density, 0, 0, density, 0, 0);
    draw(context, view, model.get("playhead"), paletteOf(el));
    canvas.setAttribute("aria-label", t("strip.label", { name: view.name }));
    canvas.setAttribute("aria-valuemax", String(view.durationS));
    canvas.setAttribute("aria-valuenow", String(model.get("playhead")));
    canvas.setAttribute("aria-valuetext", timecode(model.get("playhead"), rate()));
  };
  const ask = () => {
    if (!asked) asked = requestAnimationFrame(paint);
  };

  const seek = (frame: number) => {
    const last = Math.max(0, frameAt(model.get("view").durationS, rate()) - 1);
    const seconds = frameTime(Math.min(Math.max(0, frame), last), rate());
    if (seconds === model.get("playhead")) return;
    model.set("playhead", seconds);
    model.save_changes();
    ask();
  };
  const seekTo = (event: PointerEvent) => {
    const box = canvas.getBoundingClientRect();
    const scale = fitted(model.get("view").durationS, box.width);
    seek(frameAt(toSeconds(scale, event.clientX - box.left), rate()));
  };
  const press = (event: PointerEvent) => {
    canvas.setPointerCapture?.(event.pointerId);
    seekTo(event);
  };
  const drag = (event: PointerEvent) => {
    if (event.buttons & 1) seekTo(event);
  };
  const type = (event: KeyboardEvent) => {
    const now = frameAt(model.get("playhead"), rate());
    const stride = event.shiftKey ? Math.round(rate().num / rate().den) : 1;
    const frames: Record<string, number> = {
      ArrowLeft: now - stride,
      ArrowRight: now + stride,
      Home: 0,
      End: Number.MAX_SAFE_INTEGER,
    };
    const frame = frames[event.key];
    if (event.key === "Escape") canvas.blur();
    if (frame === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    seek(frame);
  };

  canvas.addEventListener("pointerdown", press);
  canvas.addEventListener("pointermove", drag);
  canvas.addEventListener("keydown", type);
  model.on("change:view", ask);
  model.on("change:playhead", ask);
  const size = new ResizeObserver(ask);
  size.observe(el);
  const theme = new MutationObserver(ask);
  theme.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light"],
  });
  paint();

  return () => {
    if (asked) cancelAnimationFrame(asked);
    size.disconnect();
    theme.disconnect();
    model.off("change:view", ask);
    model.off("change:playhead", ask);
    canvas.remove();
  };
}

export default { render };
