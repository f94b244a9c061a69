/** Redraws that wait for a press to end: what is pressed stays until its click has come. */

// A list that a select or a color opens takes the release: a choice ends the press, or
// the next move without a button.
const POINTER_ENDS = [
  ...["pointerup", "pointercancel", "contextmenu", "dragend"],
  ...["change", "pointermove"],
];
const KEY_ENDS = ["keyup", "blur"];

export class Press {
  #holds = 0;
  #isPressed = false;
  #isDragged = false;
  #waiting: (() => void) | undefined;

  /** Watch presses of the pointer, of the space bar, and drags, within an element. */
  constructor(element: HTMLElement) {
    const pointer = ({ button, target }: PointerEvent) => {
      if (button === 0) this.#begin(POINTER_ENDS, target);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === " ") this.#begin(KEY_ENDS, event.target);
    };
    const drag = () => {
      this.#isDragged = true;
    };
    element.addEventListener("pointerdown", pointer, true);
    element.addEventListener("keydown", key, true);
    element.addEventListener("dragstart", drag, true);
  }

  /** Redraw now; under a press, once its click has come. Of several, the last counts. */
  after(redraw: () => void): void {
    this.#waiting = redraw;
    this.#flush();
  }

  /** Let redraws wait until `release`, as they do under a press. */
  hold(): void {
    this.#holds += 1;
  }

  release(): void {
    this.#holds -= 1;
    this.#flush();
  }

  #flush(): void {
    const redraw = this.#holds ? undefined : this.#waiting;
    if (!redraw) return;
    this.#waiting = undefined;
    redraw();
  }

  #begin(ends: readonly string[], pressed: EventTarget | null): void {
    if (this.#isPressed) return;
    this.#isPressed = true;
    this.#isDragged = false;
    this.hold();
    const end = (event: Event) => {
      // The browser's own drag cancels the pointer at its beginning, and goes on.
      if (event.type === "pointercancel" && this.#isDragged) return;
      if (event.type === "pointermove" && (event as PointerEvent).buttons) return;
      // A field that the press takes the focus from sends its own change.
      if (event.type === "change" && event.target !== pressed) return;
      if (event.type === "blur" && event.target !== window) return;
      for (const type of ends) window.removeEventListener(type, end, true);
      this.#isPressed = false;
      // The click is sent right after the release.
      window.setTimeout(() => this.release());
    };
    for (const type of ends) window.addEventListener(type, end, true);
  }
}
