/** What is shown and heard: seeks, steps, plays, loops. Knows nothing of buttons. */

import { doublesOf } from "../buffers";
import type { Channel, Model } from "../channel";
import type { Playhead } from "../playhead";
import { Clock, SoundClock } from "./clock";
import { Film, NO_FILM } from "./film";
import { Frames } from "./frames";
import type { Hooks, Quality } from "./hooks";
import { playable, Stream } from "./stream";

// Once the playhead rests so long, its exact picture and its first second are made.
const REST_MS = 160;
const REFILL_MS = 400;

export class Engine {
  readonly video: HTMLVideoElement;
  film: Film = NO_FILM;
  /** 0 while it stands, else how fast and which way it plays. */
  shuttle = 0;
  speed = 1;
  loop = false;
  inS: number | undefined;
  outS: number | undefined;
  quality: Quality = "auto";
  shown = -1;
  /** Frames that were shown and that came too late, in single-frame playback. */
  skipped = 0;
  #channel: Channel;
  #model: Model;
  #playhead: Playhead;
  #hooks: Hooks;
  #frames: Frames;
  #stream: Stream | undefined;
  #clock: Clock | undefined;
  #rest = 0;
  #refill = 0;
  #callback = 0;
  #wanted = 0;
  #direction = 1;
  #volume = 1;
  #muted = false;
  #closed = false;

  constructor(channel: Channel, model: Model, playhead: Playhead, hooks: Hooks) {
    this.#channel = channel;
    this.#model = model;
    this.#playhead = playhead;
    this.#hooks = hooks;
    this.video = document.createElement("video");
    this.video.playsInline = true;
    this.video.tabIndex = -1;
    this.video.setAttribute("aria-hidden", "true");
    this.video.addEventListener("ended", () => this.#ended());
    this.#frames = new Frames(
      channel,
      NO_FILM,
      (number) => this.#arrived(number),
      (problem) => hooks.problem(problem),
    );
    channel.on("film", (view, buffers) => {
      const data = buffers[0];
      const times = data && doublesOf(data);
      this.#open(new Film(view, times));
    });
    channel.on("stream", (told, buffers) => this.#stream?.take(told, buffers[0]));
    playhead.listen((seconds) => this.#follow(seconds));
    model.on("change:playing", this.#obey);
  }

  get playing(): boolean {
    return this.shuttle !== 0;
  }

  get frame(): number {
    return this.#wanted;
  }

  get volume(): number {
    return this.#muted ? 0 : this.#volume;
  }

  setVolume(volume: number, muted: boolean): void {
    this.#volume = volume;
    this.#muted = muted;
    this.video.volume = volume;
    this.video.muted = muted;
    this.#hooks.changed();
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Go to a frame, and stand there. */
  seek(frame: number): void {
    this.pause();
    this.#go(this.film.within(frame));
  }

  step(frames: number): void {
    this.seek(this.#wanted + frames);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play(this.speed);
  }

  /** L plays, and again twice as fast; J likewise backwards; K stands. */
  push(direction: 1 | -1): void {
    const faster = Math.sign(this.shuttle) === direction ? this.shuttle * 2 : direction;
    this.play(Math.max(-4, Math.min(4, faster)));
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.playing) this.play(Math.sign(this.shuttle) * speed);
    else this.#hooks.changed();
  }

  play(speed: number): void {
    if (!this.film.view.frames) return;
    const wasForward = this.shuttle > 0 && this.#stream && !this.#clock;
    if (wasForward && speed > 0) {
      this.shuttle = speed;
      this.video.playbackRate = speed;
      this.#changed();
      return;
    }
    this.#halt();
    this.shuttle = speed;
    const from = this.#startFrame(speed);
    const how = speed > 0 ? playable(this.film.view.hasSound) : undefined;
    if (how) this.#playStream(from, how, speed);
    else this.#playFrames(from, speed);
    this.#changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.#halt();
    this.shuttle = 0;
    this.#changed();
    this.#go(this.shown >= 0 ? this.shown : this.#wanted);
  }

  /** Where the loop and the in and out points let it be. */
  get span(): readonly [number, number] {
    const first = this.inS === undefined ? 0 : this.film.frameAt(this.inS);
    const last =
      this.outS === undefined ? this.film.last : this.film.frameAt(this.outS);
    return first <= last ? [first, last] : [0, this.film.last];
  }

  /** Make the picture that stands there anew: the screen has changed. */
  refresh(): void {
    this.#rested();
  }

  close(): void {
    this.#closed = true;
    window.clearTimeout(this.#rest);
    this.#halt();
    this.#stream?.close();
    this.#stream = undefined;
    this.#frames.close();
    this.#model.off("change:playing", this.#obey);
  }

  #open(film: Film): void {
    const wasPlaying = this.shuttle;
    this.#halt();
    this.shuttle = 0;
    this.#stream?.close();
    this.#stream = undefined;
    this.film = film;
    this.#frames.show(film);
    this.shown = -1;
    this.#hooks.changed();
    if (film.view.frames) this.#go(film.frameAt(this.#playhead.seconds), true);
    if (wasPlaying > 0) this.play(wasPlaying);
    else this.#changed();
  }

  /** The playhead was moved elsewhere: by a cell, or on the timeline. */
  #follow(seconds: number): void {
    const frame = this.film.frameAt(seconds);
    if (!this.film.view.frames || frame === this.#wanted) return;
    if (!this.playing) {
      this.#go(frame);
      return;
    }
    const speed = this.shuttle;
    this.#halt();
    this.shuttle = 0;
    this.#go(frame);
    this.play(speed);
  }

  #obey = (): void => {
    const wanted = Boolean(this.#model.get("playing"));
    if (wanted === this.playing) return;
    if (wanted) this.play(this.speed);
    else this.pause();
  };

  #go(frame: number, again = false): void {
    if (frame !== this.#wanted) this.#direction = Math.sign(frame - this.#wanted);
    this.#wanted = frame;
    this.#frames.want(frame, this.#direction);
    this.#show(frame, again);
    this.#mark(frame);
    window.clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#rested(), REST_MS);
  }

  #show(frame: number, again = false): void {
    const picture = this.#frames.get(frame);
    if (!picture || (frame === this.shown && !again)) return;
    this.shown = frame;
    const { width, height } = picture;
    this.#hooks.show({ number: frame, picture, width, height });
  }

  #arrived(number: number): void {
    if (!this.playing && number === this.#wanted) this.#show(number, true);
  }

  /** The playhead rests: sharpen the picture, and be ready to play. */
  #rested(): void {
    if (this.playing || this.#closed || !this.film.view.frames) return;
    const [wide, high] = this.#hooks.screen();
    const draft = this.#frames.get(this.#wanted);
    const isCoarse =
      !draft || (draft.width < wide && draft.width < this.film.view.width);
    if (this.quality === "full" || (this.quality === "auto" && isCoarse)) {
      this.#frames.wantExact(this.#wanted, wide, high);
    }
    this.#prime();
  }

  /** Have the first second from here ready before anyone asks to play. */
  #prime(): void {
    const how = playable(this.film.view.hasSound);
    const from = this.#startFrame(1);
    const ready = this.#stream?.version === this.film.view.version;
    if (!how || (ready && this.#stream?.holds(this.film.timeOf(from)))) return;
    this.#newStream(from, how);
  }

  #newStream(
    from: number,
    how: { mime: string; sound: "aac" | "flac" | "none" },
  ): void {
    this.#stream?.close();
    const failed = (problem: string) => {
      this.#hooks.problem(problem);
      this.pause();
    };
    this.#stream = new Stream(this.#channel, this.film, this.video, from, how, failed);
  }

  #startFrame(speed: number): number {
    const [first, last] = this.span;
    if (speed > 0)
      return this.#wanted >= last || this.#wanted < first ? first : this.#wanted;
    return this.#wanted <= first || this.#wanted > last ? last : this.#wanted;
  }

  #playStream(
    from: number,
    how: { mime: string; sound: "aac" | "flac" | "none" },
    speed: number,
  ): void {
    const seconds = this.film.timeOf(from);
    const isReady =
      this.#stream?.version === this.film.view.version &&
      (this.#stream.holds(seconds) || this.#stream.first === from);
    if (!isReady) this.#newStream(from, how);
    // Within the frame, so that no rounding shows the one before.
    this.video.currentTime = seconds + 0.0005;
    this.video.playbackRate = speed;
    this.video.preservesPitch = true;
    this.video.volume = this.#volume;
    this.video.muted = this.#muted;
    this.video.play().catch((problem: unknown) => {
      // A page may forbid sound until it is clicked; it may play without.
      if (!this.playing || this.#closed) return;
      if ((problem as Error)?.name === "NotAllowedError" && !this.#muted) {
        this.setVolume(this.#volume, true);
        void this.video.play().catch(() => this.pause());
      } else if ((problem as Error)?.name !== "AbortError") {
        this.pause();
      }
    });
    this.#stream?.refill(speed);
    this.#callback = this.video.requestVideoFrameCallback(this.#frameCame);
    this.#refill = window.setInterval(
      () => this.#stream?.refill(this.shuttle),
      REFILL_MS,
    );
  }

  #frameCame = (_: number, told: VideoFrameCallbackMetadata): void => {
    if (!this.playing) return;
    this.#callback = this.video.requestVideoFrameCallback(this.#frameCame);
    let seconds = told.mediaTime;
    let picture: CanvasImageSource = this.video;
    let decoded: VideoFrame | undefined;
    if (typeof VideoFrame !== "undefined") {
      // The very picture that is drawn tells its own time; the callback may be late.
      decoded = new VideoFrame(this.video);
      seconds = decoded.timestamp / 1e6;
      picture = decoded;
    }
    const number = this.film.frameNear(seconds);
    if (number > this.span[1]) {
      // Nothing behind the out point is shown, however late the callback comes.
      decoded?.close();
      this.#ended();
      return;
    }
    this.shown = number;
    this.#wanted = number;
    const { videoWidth: width, videoHeight: height } = this.video;
    this.#hooks.show({ number, picture, width, height });
    decoded?.close();
    this.#mark(number);
    if (number >= this.span[1]) this.#ended();
  };

  #playFrames(from: number, speed: number): void {
    this.#wanted = from;
    const canSound = typeof AudioContext !== "undefined" && !this.#muted;
    const heard = speed === 1 && this.film.view.hasSound && canSound;
    const sound = heard
      ? new SoundClock(this.#channel, this.film, this.#volume)
      : undefined;
    this.#direction = Math.sign(speed);
    const stride = Math.max(1, Math.round(Math.abs(speed)));
    const due = (frame: number): boolean => {
      if (!this.playing) return false;
      const [first, last] = this.span;
      this.#frames.want(frame, this.#direction * stride);
      if (frame !== this.shown) {
        if (!this.#frames.has(frame)) {
          this.skipped += 1;
        } else {
          this.#wanted = frame;
          this.#show(frame);
          this.#mark(frame);
        }
      }
      if (speed > 0 ? frame < last : frame > first) return true;
      this.#ended();
      return false;
    };
    this.#clock = new Clock(this.film, from, speed, due, sound);
  }

  #ended(): void {
    if (!this.playing) return;
    const speed = this.shuttle;
    this.pause();
    if (!this.loop) return;
    const [first, last] = this.span;
    this.#go(speed > 0 ? first : last);
    this.play(speed);
  }

  #mark(frame: number): void {
    this.#playhead.move(this.film.timeOf(frame), frame);
  }

  #halt(): void {
    window.clearInterval(this.#refill);
    if (this.#callback) this.video.cancelVideoFrameCallback?.(this.#callback);
    this.#callback = 0;
    this.video.pause();
    this.#clock?.stop();
    this.#clock = undefined;
  }

  #changed(): void {
    if (Boolean(this.#model.get("playing")) !== this.playing) {
      this.#model.set("playing", this.playing);
      this.#model.save_changes();
    }
    this.#hooks.changed();
  }
}
