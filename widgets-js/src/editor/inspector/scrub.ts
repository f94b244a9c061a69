/** Drag a label to change its number: Shift is coarse, Alt is fine. */

import { beginDrag } from "./gone";

export interface ScrubTarget {
  /** The value at the press, in what the field shows; undefined if there is none. */
  value(): number | undefined;
  /** What a pixel is worth. */
  readonly perPx: number;
  clamp(value: number): number;
  /** Scrubbed while it is dragged. */
  move(value: number): void;
  /** The one step at the end. */
  end(value: number): void;
  cancel(): void;
}

const COARSE = 10;
const FINE = 0.1;
const THRESHOLD_PX = 3;

/** Make a label scrubbable; a press without a drag calls `press`. */
export function scrubbable(
  label: HTMLElement,
  target: ScrubTarget,
  press: () => void,
): void {
  label.classList.add("tnb-scrubbable");
  let lastX = 0;
  let travel = 0;
  let value = 0;
  let isDragging = false;
  let pointer = -1;
  let forget = (): void => undefined;
  const stop = () => {
    forget();
    pointer = -1;
    isDragging = false;
    label.classList.remove("tnb-scrubbing");
    document.removeEventListener("keydown", onKey, true);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  };
  const cancel = () => {
    const was = isDragging;
    stop();
    if (was) target.cancel();
  };
  label.addEventListener("pointerdown", (event) => {
    const now = target.value();
    if (event.button !== 0 || now === undefined) return;
    event.preventDefault();
    label.setPointerCapture?.(event.pointerId);
    pointer = event.pointerId;
    lastX = event.clientX;
    travel = 0;
    value = now;
    forget = beginDrag(label, cancel);
    document.addEventListener("keydown", onKey, true);
  });
  label.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const byPx = event.clientX - lastX;
    lastX = event.clientX;
    travel += Math.abs(byPx);
    if (!isDragging && travel < THRESHOLD_PX) return;
    isDragging = true;
    label.classList.add("tnb-scrubbing");
    const factor = event.shiftKey ? COARSE : event.altKey ? FINE : 1;
    value = target.clamp(value + byPx * target.perPx * factor);
    target.move(value);
  });
  label.addEventListener("pointerup", (event) => {
    if (event.pointerId !== pointer) return;
    const was = isDragging;
    stop();
    if (was) target.end(value);
    else press();
  });
  label.addEventListener("pointercancel", cancel);
}
