/** Whether a button of the pointer is held anywhere on the page, as in a drag. */

const EVENTS = ["pointerdown", "pointermove", "pointerup", "pointercancel"] as const;

export class PointerHold {
  isHeld = false;
  #end = new AbortController();

  constructor() {
    const { signal } = this.#end;
    for (const type of EVENTS) {
      window.addEventListener(type, this.#note, { capture: true, signal });
    }
  }

  close(): void {
    this.#end.abort();
  }

  #note = ({ buttons }: PointerEvent): void => {
    this.isHeld = buttons > 0;
  };
}
