/** Playback: fragments of MP4 into a video element that nobody sees. */

import { bytesOf } from "../buffers";
import type { Channel } from "../channel";
import type { StreamData } from "../protocol";
import type { Film } from "./film";

const VIDEO = "avc1.42E01F";
const SOUNDS = { aac: "mp4a.40.2", flac: "flac" } as const;
export type Sound = keyof typeof SOUNDS | "none";
// Made ahead of the playhead, and kept behind it.
const AHEAD_S = 6;
const FIRST_S = 1;
const BEHIND_S = 20;

/** What this browser can play; undefined where it plays no MP4 of ours at all. */
export function playable(
  hasSound: boolean,
): { mime: string; sound: Sound } | undefined {
  if (typeof MediaSource === "undefined") return undefined;
  // Without it nobody could tell which frame is on the screen.
  if (!("requestVideoFrameCallback" in HTMLVideoElement.prototype)) return undefined;
  const silent = `video/mp4; codecs="${VIDEO}"`;
  if (!hasSound) {
    return MediaSource.isTypeSupported(silent)
      ? { mime: silent, sound: "none" }
      : undefined;
  }
  for (const sound of ["aac", "flac"] as const) {
    const mime = `video/mp4; codecs="${VIDEO},${SOUNDS[sound]}"`;
    if (MediaSource.isTypeSupported(mime)) return { mime, sound };
  }
  return undefined;
}

let streams = 0;

/** One run of playback, from a frame on. */
export class Stream {
  readonly number = ++streams;
  readonly first: number;
  readonly version: number;
  #channel: Channel;
  #film: Film;
  #video: HTMLVideoElement;
  #source = new MediaSource();
  #buffer: SourceBuffer | undefined;
  #queue: DataView[] = [];
  #offset: number | undefined;
  #ended = false;
  #allowed: number;
  #url: string;
  #closed = false;
  #failed: (problem: string) => void;

  constructor(
    channel: Channel,
    film: Film,
    video: HTMLVideoElement,
    first: number,
    how: { mime: string; sound: Sound },
    failed: (problem: string) => void,
  ) {
    this.#channel = channel;
    this.#film = film;
    this.#video = video;
    this.#failed = failed;
    this.first = first;
    this.version = film.view.version;
    this.#allowed = film.timeOf(first) + FIRST_S;
    this.#url = URL.createObjectURL(this.#source);
    this.#source.addEventListener("sourceopen", () => this.#open(how.mime), {
      once: true,
    });
    video.src = this.#url;
    video.currentTime = film.timeOf(first);
    channel.tell({
      kind: "play",
      stream: this.number,
      version: this.version,
      first,
      sound: how.sound,
      untilS: this.#allowed,
    });
  }

  /** A piece came; false if it is of another stream. */
  take(told: StreamData, data: DataView | undefined): boolean {
    if (told.stream !== this.number || this.#closed) return false;
    if (told.problem) this.#failed(told.problem);
    if (data) {
      this.#offset ??= told.offsetS;
      this.#queue.push(data);
    }
    this.#ended ||= told.ends;
    this.#feed();
    return true;
  }

  /** Allow more, as far as the playhead's speed asks for; drop what is long past. */
  refill(speed: number): void {
    const now = this.#video.currentTime;
    const until = now + AHEAD_S * Math.max(1, speed);
    if (until > this.#allowed + 0.5 && !this.#ended) {
      this.#allowed = until;
      this.#channel.tell({ kind: "more", stream: this.number, untilS: until });
    }
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || !buffer.buffered.length) return;
    if (now - buffer.buffered.start(0) > 2 * BEHIND_S) buffer.remove(0, now - BEHIND_S);
  }

  /** Whether a second is here to be played. */
  holds(seconds: number): boolean {
    const ranges = this.#buffer?.buffered;
    if (!ranges || this.#closed) return false;
    const hair = 0.001;
    for (let n = 0; n < ranges.length; n++) {
      if (ranges.start(n) - hair <= seconds && seconds < ranges.end(n) - hair)
        return true;
    }
    return false;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue = [];
    this.#channel.tell({ kind: "stop" });
    URL.revokeObjectURL(this.#url);
    if (this.#video.src === this.#url) {
      this.#video.removeAttribute("src");
      this.#video.load();
    }
  }

  #open(mime: string): void {
    URL.revokeObjectURL(this.#url);
    if (this.#closed) return;
    this.#source.duration = Math.max(this.#film.view.durationS, 0.1);
    this.#buffer = this.#source.addSourceBuffer(mime);
    this.#buffer.addEventListener("updateend", () => this.#feed());
    this.#feed();
  }

  #feed(): void {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#closed) return;
    if (this.#source.readyState !== "open") return;
    const data = this.#queue.shift();
    if (data) {
      if (buffer.timestampOffset !== this.#offset) {
        buffer.timestampOffset = this.#offset ?? 0;
      }
      try {
        buffer.appendBuffer(bytesOf(data));
      } catch (problem) {
        this.#full(data, problem);
      }
    } else if (this.#ended) {
      this.#source.endOfStream();
    }
  }

  /** The browser's buffer is full: make room behind the playhead, and try again. */
  #full(data: DataView, problem: unknown): void {
    const now = this.#video.currentTime;
    const start = this.#buffer?.buffered.length ? this.#buffer.buffered.start(0) : now;
    if (this.#buffer && now - start > 2) {
      this.#queue.unshift(data);
      this.#buffer.remove(0, now - 1);
    } else {
      this.#failed(String(problem));
    }
  }
}
