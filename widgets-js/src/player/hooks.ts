/** What the engine tells its view, and what a person can choose. */

export type Quality = "auto" | "draft" | "full";

/** What is put on the screen: a decoded frame and its number. */
export interface Showing {
  readonly number: number;
  readonly picture: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

export interface Hooks {
  /** Show a frame. */
  show(showing: Showing): void;
  /** Something else changed: playing, speed, the film. */
  changed(): void;
  problem(message: string): void;
  /** The size of the screen in device pixels. */
  screen(): readonly [number, number];
}
