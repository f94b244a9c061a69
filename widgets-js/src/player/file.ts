/** Play a media file itself from the server beside the kernel: its film, or its sound. */

import type { PlayerSource } from "./source";

/** What the engine plays: fragments of the kernel, or the file. */
export interface Playback {
  readonly first: number;
  readonly version: number;
  /** Whether a second can be played without waiting for the kernel. */
  isBuffered(seconds: number): boolean;
  /** Request as much as a speed needs. */
  refill(speed: number): void;
  /** Go on where playback stands still. */
  unstick(speed: number): void;
  close(): void;
}

/** Whether this browser plays the file of a source. */
export function playsFile(source: PlayerSource, video: HTMLVideoElement): boolean {
  const { file, fileType } = source.view;
  // Without it, which frame is on the screen is not known.
  if (!("requestVideoFrameCallback" in HTMLVideoElement.prototype)) return false;
  return Boolean(file && fileType && video.canPlayType(fileType));
}

/** Whether this browser plays the sound of a source's file. */
export function playsSoundOf(source: PlayerSource, element: HTMLMediaElement): boolean {
  const { file, soundType } = source.view;
  return Boolean(file && soundType && element.canPlayType(soundType));
}

/** A file that the browser reads by ranges, as far ahead as it likes. */
export class FilePlayback implements Playback {
  readonly version: number;
  #video: HTMLVideoElement;
  #url: string;
  #fail: () => void;

  /** `fail` is called once if the browser cannot get or decode the file. */
  constructor(
    source: PlayerSource,
    video: HTMLVideoElement,
    readonly first: number,
    base: string,
    fail: () => void,
  ) {
    this.version = source.view.version;
    this.#video = video;
    this.#url = base + source.view.file;
    this.#fail = () => {
      // An element that lost its source reports an error, too.
      if (video.getAttribute("src") === this.#url) fail();
    };
    video.addEventListener("error", this.#fail);
    video.preload = "auto";
    video.src = this.#url;
    video.currentTime = source.timeOf(first);
  }

  isBuffered(): boolean {
    return true;
  }

  refill(): void {}

  unstick(): void {}

  close(): void {
    this.#video.removeEventListener("error", this.#fail);
    if (this.#video.getAttribute("src") !== this.#url) return;
    this.#video.removeAttribute("src");
    this.#video.load();
  }
}
