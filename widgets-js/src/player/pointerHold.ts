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
    // The release may go to what has the focus now.
    window.addEventListener("blur", this.#release, { signal });
  }

  close(): void {
    this.#end.abort();
  }

  #note = ({ type, buttons }: PointerEvent): void => {
    // The last event of a pointer, which may still tell of buttons.
    this.isHeld = type !== "pointercancel" && buttons > 0;
  };

  #release = (): void => {
    this.isHeld = false;
  };
}
