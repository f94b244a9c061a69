/** How the engine reports to its view, and the qualities a person can choose. */

export type Quality = "auto" | "draft" | "full";

/** A decoded frame for the screen, and its number. */
export interface DisplayedFrame {
  readonly number: number;
  readonly picture: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

export interface EngineCallbacks {
  /** Show a frame. */
  show(frame: DisplayedFrame): void;
  /** Show what else changed: playing, speed, the source. */
  changed(): void;
  problem(message: string): void;
  /** Playback stands still for want of data, or goes on again. */
  waiting(isWaiting: boolean): void;
  /** The screen's width and height in device pixels. */
  screen(): readonly [number, number];
}
