/** Play fragments of MP4 through a video element that is not visible. */

import { bytesOf } from "../buffers";
import { type Channel, textOf } from "../channel";
import type { StreamData } from "../protocol";
import type { Playback } from "./file";
import type { PlayerSource } from "./source";

const VIDEO_CODEC = "avc1.42E01F";
const SOUND_CODECS = { aac: "mp4a.40.2", flac: "flac" } as const;
export type SoundCodec = keyof typeof SOUND_CODECS | "none";
// Requested ahead of the playhead at normal speed, and kept behind it.
const BUFFER_AHEAD_S = 6;
const BUFFER_BEHIND_S = 20;
const PRELOAD_S = 1;
// Kept behind the playhead when the browser's buffer is full.
const FULL_BEHIND_S = 1;
// A gap between fragments, which a browser waits at for ever.
const MAX_GAP_S = 1;
const INTO_RANGE_S = 0.001;

/** A format of streams that this browser plays. */
export interface StreamFormat {
  readonly mime: string;
  readonly sound: SoundCodec;
}

/** The format to request; undefined where the browser plays none of them. */
export function playableFormat(hasSound: boolean): StreamFormat | undefined {
  if (typeof MediaSource === "undefined") return undefined;
  // Without it, which frame is on the screen is not known.
  if (!("requestVideoFrameCallback" in HTMLVideoElement.prototype)) return undefined;
  if (!hasSound) {
    const mime = `video/mp4; codecs="${VIDEO_CODEC}"`;
    return MediaSource.isTypeSupported(mime) ? { mime, sound: "none" } : undefined;
  }
  for (const sound of ["aac", "flac"] as const) {
    const mime = `video/mp4; codecs="${VIDEO_CODEC},${SOUND_CODECS[sound]}"`;
    if (MediaSource.isTypeSupported(mime)) return { mime, sound };
  }
  return undefined;
}

export interface StreamCallbacks {
  /** The kernel or the browser could not make or decode the stream. */
  onError(problem: string): void;
  /** The browser detached the stream from its video element. */
  onDetach(): void;
}

let streamCount = 0;

/**
 * One run of playback, from a frame on.
 *
 * It is opening until the browser opens the media source, then open, and closed once
 * `close` is called or the browser detaches the media source. Its source buffer throws
 * an error at any touch after it was removed: `#attachedBuffer` alone hands it out.
 */
export class PlaybackStream implements Playback {
  readonly number = ++streamCount;
  readonly first: number;
  readonly version: number;
  #state: "opening" | "open" | "closed" = "opening";
  #channel: Channel;
  #source: PlayerSource;
  #video: HTMLVideoElement;
  #mediaSource = new MediaSource();
  #buffer: SourceBuffer | undefined;
  #queue: DataView[] = [];
  #offsetS: number | undefined;
  #isComplete = false;
  #allowedUntilS: number;
  #url: string;
  #callbacks: StreamCallbacks;

  constructor(
    channel: Channel,
    source: PlayerSource,
    video: HTMLVideoElement,
    first: number,
    format: StreamFormat,
    callbacks: StreamCallbacks,
  ) {
    this.#channel = channel;
    this.#source = source;
    this.#video = video;
    this.#callbacks = callbacks;
    this.first = first;
    this.version = source.view.version;
    this.#allowedUntilS = source.timeOf(first) + PRELOAD_S;
    this.#url = URL.createObjectURL(this.#mediaSource);
    const open = () => this.#open(format.mime);
    this.#mediaSource.addEventListener("sourceopen", open, { once: true });
    this.#mediaSource.addEventListener("sourceclose", () => this.#onSourceClose());
    video.src = this.#url;
    video.currentTime = source.timeOf(first);
    channel.send({
      kind: "play",
      stream: this.number,
      version: this.version,
      first,
      sound: format.sound,
      untilS: this.#allowedUntilS,
    });
  }

  /** Take a fragment; returns false if it belongs to another stream. */
  receive(answer: StreamData, data: DataView | undefined): boolean {
    if (answer.stream !== this.number || this.#state === "closed") return false;
    if (answer.problem) this.#callbacks.onError(textOf(answer.problem));
    if (data) {
      this.#offsetS ??= answer.offsetS;
      this.#queue.push(data);
    }
    this.#isComplete ||= answer.ends;
    this.#feed();
    return true;
  }

  /** Request as much as a speed needs; drop what is far behind the playhead. */
  refill(speed: number): void {
    if (this.#state === "closed") return;
    const now = this.#video.currentTime;
    const untilS = now + BUFFER_AHEAD_S * Math.max(1, speed);
    if (untilS > this.#allowedUntilS + 0.5 && !this.#isComplete) {
      this.#allowedUntilS = untilS;
      this.#channel.send({ kind: "more", stream: this.number, untilS });
    }
    const buffer = this.#attachedBuffer;
    if (!buffer || buffer.updating || !buffer.buffered.length) return;
    if (now - buffer.buffered.start(0) > 2 * BUFFER_BEHIND_S) {
      buffer.remove(0, now - BUFFER_BEHIND_S);
    }
  }

  /** Go on where playback stands still: request again, or leap over a gap. */
  unstick(speed: number): void {
    if (this.#state === "closed") return;
    // The request may have come before the kernel knew of the stream.
    if (!this.#isComplete) this.#allowedUntilS = Number.NEGATIVE_INFINITY;
    this.refill(speed);
    const ranges = this.#attachedBuffer?.buffered;
    const now = this.#video.currentTime;
    for (let n = 0; ranges && n < ranges.length; n++) {
      const start = ranges.start(n);
      if (start > now && start - now <= MAX_GAP_S && !this.isBuffered(now)) {
        this.#video.currentTime = start + INTO_RANGE_S;
        return;
      }
    }
  }

  /** Whether a second can be played without waiting. */
  isBuffered(seconds: number): boolean {
    const ranges = this.#attachedBuffer?.buffered;
    if (!ranges) return false;
    const toleranceS = 0.001;
    for (let n = 0; n < ranges.length; n++) {
      const isAfterStart = ranges.start(n) - toleranceS <= seconds;
      if (isAfterStart && seconds < ranges.end(n) - toleranceS) return true;
    }
    return false;
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#end();
    this.#channel.send({ kind: "stop", stream: this.number });
    if (this.#video.src === this.#url) {
      this.#video.removeAttribute("src");
      this.#video.load();
    }
  }

  /** The source buffer while it may be touched. */
  get #attachedBuffer(): SourceBuffer | undefined {
    const buffer = this.#buffer;
    if (!buffer || this.#state !== "open") return undefined;
    if (this.#mediaSource.readyState === "closed") return undefined;
    return Array.from(this.#mediaSource.sourceBuffers).includes(buffer)
      ? buffer
      : undefined;
  }

  #end(): void {
    this.#state = "closed";
    this.#queue = [];
    this.#buffer = undefined;
    URL.revokeObjectURL(this.#url);
  }

  #onSourceClose(): void {
    if (this.#state === "closed") return;
    this.#end();
    this.#channel.send({ kind: "stop", stream: this.number });
    this.#callbacks.onDetach();
  }

  #open(mime: string): void {
    URL.revokeObjectURL(this.#url);
    if (this.#state !== "opening") return;
    this.#state = "open";
    try {
      this.#mediaSource.duration = Math.max(this.#source.view.durationS, 0.1);
      this.#buffer = this.#mediaSource.addSourceBuffer(mime);
    } catch (problem) {
      this.#callbacks.onError(String(problem));
      return;
    }
    this.#buffer.addEventListener("updateend", () => this.#feed());
    this.#feed();
  }

  #feed(): void {
    const buffer = this.#attachedBuffer;
    if (!buffer || buffer.updating || this.#mediaSource.readyState !== "open") return;
    const data = this.#queue.shift();
    if (!data) {
      if (this.#isComplete) this.#mediaSource.endOfStream();
      return;
    }
    try {
      if (buffer.timestampOffset !== this.#offsetS) {
        buffer.timestampOffset = this.#offsetS ?? 0;
      }
      buffer.appendBuffer(bytesOf(data));
    } catch (problem) {
      if (!this.#makeRoom(buffer, data)) this.#callbacks.onError(String(problem));
    }
  }

  /** Remove what is behind the playhead from a full buffer, to append data again. */
  #makeRoom(buffer: SourceBuffer, data: DataView): boolean {
    if (buffer !== this.#attachedBuffer || buffer.updating) return false;
    const now = this.#video.currentTime;
    const startS = buffer.buffered.length ? buffer.buffered.start(0) : now;
    if (now - startS <= 2 * FULL_BEHIND_S) return false;
    this.#queue.unshift(data);
    buffer.remove(0, now - FULL_BEHIND_S);
    return true;
  }
}
