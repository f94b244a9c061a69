/** Press, move and release on an element, in shares of its width and height. */

import { beginDrag } from "./gone";

export interface PadEvents {
  /** A press; `false` leaves it alone. */
  start?(x: number, y: number, event: PointerEvent): boolean;
  move(x: number, y: number, event: PointerEvent): void;
  end(): void;
  /** What it changes is gone: in place of the end. */
  abandon?(): void;
}

/** Follow the pointer over an element from press to release. */
export function followPointer(element: HTMLElement, events: PadEvents): void {
  let pointer = -1;
  let stop = (): void => undefined;
  const place = (event: PointerEvent): [number, number] => {
    const box = element.getBoundingClientRect();
    return [
      (event.clientX - box.left) / Math.max(1, box.width),
      (event.clientY - box.top) / Math.max(1, box.height),
    ];
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [x, y] = place(event);
    if (events.start?.(x, y, event) === false) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture?.(event.pointerId);
    pointer = event.pointerId;
    stop = beginDrag(element, () => {
      pointer = -1;
      events.abandon?.();
    });
    events.move(x, y, event);
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const [x, y] = place(event);
    events.move(x, y, event);
  });
  const end = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = -1;
    stop();
    events.end();
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}
