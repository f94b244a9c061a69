/** Play a source forwards by a video element: by fragments, or the file itself. */

import type { Channel } from "../channel";
import type { StreamData } from "../protocol";
import type { DisplayedFrame, Quality } from "./callbacks";
import { FilePlayback, type Playback, playsFile, playsSoundOf } from "./file";
import { EMPTY_SOURCE, type PlayerSource } from "./source";
import { Stall } from "./stall";
import { PlaybackStream, playableFormat, type StreamFormat } from "./stream";

type Format = StreamFormat | "file" | "sound";

// How often more is requested, and the watch kept.
const TICK_MS = 250;
// A seek to a frame's very start may show the one before, by rounding.
const INTO_FRAME_S = 0.0005;

export interface VideoCallbacks {
  frame(frame: DisplayedFrame): void;
  /** The browser came to the end of what it plays. */
  ended(): void;
  problem(message: string): void;
  /** The video cannot go on: play again, which may find another way. */
  failed(way: "file" | "stream"): void;
  /** A page that was not clicked yet may play only without sound. */
  muted(): void;
  /** The browser refuses to play. */
  refused(): void;
  /** Playback stands still for want of data, or goes on again. */
  waiting(isWaiting: boolean): void;
}

export class VideoPlayback {
  readonly element: HTMLVideoElement;
  quality: Quality = "auto";
  /** The base URL of the server that gives files; empty where there is none. */
  base = "";
  #source: PlayerSource = EMPTY_SOURCE;
  #channel: Channel;
  #callbacks: VideoCallbacks;
  #stream: Playback | undefined;
  // The version of the source whose file the browser could not play.
  #failedVersion = -1;
  #rate = 0;
  #frame = 0;
  #timer = 0;
  #frameCallback = 0;
  #soundCallback = 0;
  // What is shown of a file without pictures.
  #black = document.createElement("canvas");
  #stall: Stall;

  constructor(channel: Channel, callbacks: VideoCallbacks) {
    this.#channel = channel;
    this.#callbacks = callbacks;
    this.element = document.createElement("video");
    this.element.playsInline = true;
    this.element.tabIndex = -1;
    this.element.setAttribute("aria-hidden", "true");
    this.element.addEventListener("ended", () => callbacks.ended());
    this.#stall = new Stall(this.element, {
      waiting: (isWaiting) => callbacks.waiting(isWaiting),
      resume: () => this.#resume(),
      reopen: () => this.#reopen(),
    });
    channel.on("stream", (answer, [data]) => this.#receive(answer, data));
  }

  get isPlaying(): boolean {
    return this.#rate > 0;
  }

  /** Play this source from now on. */
  setSource(source: PlayerSource): void {
    this.stop();
    this.closeStream();
    this.#source = source;
  }

  /** Whether this browser plays the source by video at all. */
  get isPossible(): boolean {
    return this.#format !== undefined;
  }

  /** Have the first second from a frame buffered before anyone plays it. */
  preload(from: number): void {
    const format = this.#format;
    const stream = this.#currentStream;
    if (!format || stream?.isBuffered(this.#source.timeOf(from))) return;
    // A page may have many players, and the network be slow.
    if (format === "file" && this.quality === "auto") return;
    this.#openStream(from, format);
  }

  play(from: number, rate: number): void {
    const format = this.#format;
    if (!format) return;
    const seconds = this.#source.timeOf(from);
    const stream = this.#currentStream;
    if (!stream?.isBuffered(seconds) && stream?.first !== from) {
      this.#openStream(from, format);
    }
    const video = this.element;
    this.#rate = rate;
    this.#frame = from;
    video.currentTime = seconds + INTO_FRAME_S;
    video.playbackRate = rate;
    video.preservesPitch = true;
    this.#begin();
    this.#stream?.refill(rate);
    if (format === "sound") this.#onSoundFrame();
    else this.#frameCallback = video.requestVideoFrameCallback(this.#onFrame);
    this.#stall.begin();
    this.#timer = window.setInterval(() => this.#tick(), TICK_MS);
  }

  setRate(rate: number): void {
    this.#rate = rate;
    this.element.playbackRate = rate;
  }

  setVolume(volume: number, muted: boolean): void {
    this.element.volume = volume;
    this.element.muted = muted;
  }

  /** Stand still; what is buffered stays. */
  stop(): void {
    window.clearInterval(this.#timer);
    this.#stall.end();
    this.#rate = 0;
    if (this.#frameCallback) {
      this.element.cancelVideoFrameCallback?.(this.#frameCallback);
    }
    this.#frameCallback = 0;
    cancelAnimationFrame(this.#soundCallback);
    this.element.pause();
  }

  closeStream(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }

  /** How it is played by a video element; undefined where by single frames. */
  get #format(): Format | undefined {
    const { version, hasPictures, hasSound } = this.#source.view;
    if (this.base && version !== this.#failedVersion) {
      // Sound is the same in every quality.
      if (!hasPictures && playsSoundOf(this.#source, this.element)) return "sound";
      const isWanted =
        this.quality === "full" ||
        (this.quality === "auto" && this.#source.view.isLight);
      if (isWanted && playsFile(this.#source, this.element)) return "file";
    }
    return playableFormat(hasSound);
  }

  /** The stream, if it is one of the source as it is now. */
  get #currentStream(): Playback | undefined {
    const stream = this.#stream;
    return stream?.version === this.#source.view.version ? stream : undefined;
  }

  #openStream(from: number, format: Format): void {
    this.closeStream();
    const source = this.#source;
    if (format === "file" || format === "sound") {
      const fail = () => this.#onFileFailed();
      this.#stream = new FilePlayback(source, this.element, from, this.base, fail);
      return;
    }
    const callbacks = {
      onError: this.#callbacks.problem,
      onDetach: () => {
        this.#stream = undefined;
        if (this.isPlaying) this.#callbacks.failed("stream");
      },
    };
    this.#stream = new PlaybackStream(
      this.#channel,
      source,
      this.element,
      from,
      format,
      callbacks,
    );
  }

  #receive(answer: StreamData, data: DataView | undefined): void {
    const stream = this.#stream;
    if (stream instanceof PlaybackStream && stream.receive(answer, data)) {
      this.#stall.onData();
    }
  }

  /** The address is too old, or the browser does not decode the file. */
  #onFileFailed(): void {
    this.giveUpFile();
    this.#callbacks.failed("file");
  }

  /** The address of the file, where this browser plays its sound; else empty. */
  get soundAddress(): string {
    const source = this.#source;
    if (!this.base || source.view.version === this.#failedVersion) return "";
    return playsSoundOf(source, this.element) ? this.base + source.view.file : "";
  }

  /** Play by the kernel from now on what the server does not give. */
  giveUpFile(): void {
    this.#failedVersion = this.#source.view.version;
  }

  #tick(): void {
    this.#stream?.refill(this.#rate);
    this.#stall.check();
  }

  /** Go on from where playback stands, with what there is. */
  #resume(): void {
    if (this.element.paused) this.#begin();
    this.#stream?.unstick(this.#rate);
  }

  /** Fetch everything anew from the frame that was shown last. */
  #reopen(): void {
    if (this.quality === "auto" && this.#stream instanceof FilePlayback) {
      // The network does not carry it: the kernel sends less.
      this.#onFileFailed();
      return;
    }
    const [frame, rate] = [this.#frame, this.#rate];
    this.stop();
    this.closeStream();
    this.play(frame, rate);
  }

  #begin(): void {
    const stream = this.#stream;
    this.element.play().catch((problem: unknown) => {
      // What took its place is played by now.
      if (stream === this.#stream) this.#onPlayRefused(problem);
    });
  }

  #onPlayRefused(problem: unknown): void {
    if (!this.isPlaying) return;
    const name = (problem as Error)?.name;
    // A file that fails reports it itself, and the kernel's stream goes on.
    if (name === "NotSupportedError" && this.#stream instanceof FilePlayback) return;
    if (name === "NotAllowedError" && !this.element.muted) {
      this.#callbacks.muted();
      this.element.play().catch(() => this.#callbacks.refused());
    } else if (name !== "AbortError") {
      this.#callbacks.refused();
    }
  }

  #onSoundFrame = (): void => {
    if (!this.isPlaying) return;
    this.#soundCallback = requestAnimationFrame(this.#onSoundFrame);
    const number = this.#source.frameAt(this.element.currentTime);
    if (number === this.#frame) return;
    this.#frame = number;
    const { width, height } = this.#source.view;
    this.#callbacks.frame({ number, picture: this.#black, width, height });
  };

  #onFrame = (_: number, metadata: VideoFrameCallbackMetadata): void => {
    if (!this.isPlaying) return;
    const video = this.element;
    this.#frameCallback = video.requestVideoFrameCallback(this.#onFrame);
    let seconds = metadata.mediaTime;
    let picture: CanvasImageSource = video;
    let decoded: VideoFrame | undefined;
    if (typeof VideoFrame !== "undefined") {
      // The callback may be late; the decoded frame carries its own time.
      decoded = new VideoFrame(video);
      seconds = decoded.timestamp / 1e6;
      picture = decoded;
    }
    const number = this.#source.frameNear(seconds);
    this.#frame = number;
    const { videoWidth: width, videoHeight: height } = video;
    this.#callbacks.frame({ number, picture, width, height });
    decoded?.close();
  };
}
