/** Seek, step, play and loop a source, without knowing of buttons. */

import { doublesOf } from "../buffers";
import type { Channel, Model } from "../channel";
import type { Playhead } from "../playhead";
import { serverBase } from "../server";
import type { DisplayedFrame, EngineCallbacks, Quality } from "./callbacks";
import { FileSound, FrameClock, type FrameSound, SoundPlayer } from "./clock";
import { FrameCache } from "./frames";
import { PointerHold } from "./pointerHold";
import { EMPTY_SOURCE, PlayerSource } from "./source";
import { PlayingTurn } from "./turn";
import { VideoPlayback } from "./videoPlayback";

// Once the playhead rests so long, more than its draft is requested.
const REST_MS = 160;
const MAX_RATE = 4;

export class Engine {
  source: PlayerSource = EMPTY_SOURCE;
  /** Playback speed, negative backwards, and 0 while paused. */
  rate = 0;
  /** The speed chosen for forward playback. */
  speed = 1;
  loop = false;
  /** The frame on the screen; -1 where there is none. */
  shownFrame = -1;
  #channel: Channel;
  #playhead: Playhead;
  #callbacks: EngineCallbacks;
  #frames: FrameCache;
  #video: VideoPlayback;
  #turn: PlayingTurn;
  #pointer = new PointerHold();
  #clock: FrameClock | undefined;
  #restTimer = 0;
  #currentFrame = 0;
  #direction = 1;
  #volume = 1;
  #muted = false;
  #isClosed = false;

  constructor(
    channel: Channel,
    model: Model,
    playhead: Playhead,
    callbacks: EngineCallbacks,
  ) {
    this.#channel = channel;
    this.#playhead = playhead;
    this.#callbacks = callbacks;
    this.#video = new VideoPlayback(channel, {
      frame: (frame) => this.#onVideoFrame(frame),
      ended: () => this.#onEnd(),
      problem: (problem) => {
        callbacks.problem(problem);
        this.pause();
      },
      failed: (way) => this.#onVideoFailed(way),
      muted: () => this.setVolume(this.#volume, true),
      refused: () => this.pause(),
      waiting: callbacks.waiting,
    });
    this.#frames = new FrameCache(
      channel,
      EMPTY_SOURCE,
      (number) => this.#onFrameReady(number),
      (problem) => callbacks.problem(problem),
    );
    channel.on("playerSource", (view, [times]) => {
      this.#open(new PlayerSource(view, times && doublesOf(times)));
    });
    const quality = model.get("_quality");
    if (quality === "draft" || quality === "full") this.#video.quality = quality;
    void serverBase().then((base) => {
      if (!base || this.#isClosed) return;
      this.#video.base = base;
      this.#frames.base = base;
      this.#callbacks.changed();
    });
    playhead.onMove((seconds) => this.#onPlayheadMove(seconds));
    this.#turn = new PlayingTurn(model, channel.view, {
      isPlaying: () => this.playing,
      play: () => this.play(this.speed),
      pause: () => this.pause(),
    });
  }

  /** The video element, which is drawn from and is not visible. */
  get video(): HTMLVideoElement {
    return this.#video.element;
  }

  get playing(): boolean {
    return this.rate !== 0;
  }

  /** The frame where the playhead is; it may not be on the screen yet. */
  get frame(): number {
    return this.#currentFrame;
  }

  get volume(): number {
    return this.#muted ? 0 : this.#volume;
  }

  get muted(): boolean {
    return this.#muted;
  }

  get quality(): Quality {
    return this.#video.quality;
  }

  set quality(quality: Quality) {
    const rate = this.rate;
    this.#stopPlayback();
    this.rate = 0;
    this.#video.quality = quality;
    this.#video.closeStream();
    if (rate) this.play(rate);
    else this.refresh();
  }

  get inS(): number | undefined {
    return this.#playhead.range.inS;
  }

  set inS(inS: number | undefined) {
    this.#playhead.setRange({ ...this.#playhead.range, inS });
  }

  get outS(): number | undefined {
    return this.#playhead.range.outS;
  }

  set outS(outS: number | undefined) {
    this.#playhead.setRange({ ...this.#playhead.range, outS });
  }

  /** The address of the file that is shown; empty where no server gives it. */
  get fileAddress(): string {
    const { base } = this.#video;
    return base && this.source.view.file && base + this.source.view.file;
  }

  setVolume(volume: number, muted: boolean): void {
    this.#volume = volume;
    this.#muted = muted;
    this.#video.setVolume(volume, muted);
    this.#callbacks.changed();
  }

  /** Pause at a frame. */
  seek(frame: number): void {
    this.pause();
    this.#goTo(this.source.within(frame));
  }

  step(frames: number): void {
    this.seek(this.#currentFrame + frames);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play(this.speed);
  }

  /** Play in a direction, or twice as fast if it does already. */
  shuttle(direction: 1 | -1): void {
    const isFaster = Math.sign(this.rate) === direction;
    const rate = isFaster ? this.rate * 2 : direction;
    this.play(Math.max(-MAX_RATE, Math.min(MAX_RATE, rate)));
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.playing) this.play(Math.sign(this.rate) * speed);
    else this.#callbacks.changed();
  }

  /** Play at a speed, backwards if it is negative. */
  play(rate: number): void {
    if (!this.source.view.frames) return;
    if (this.#video.isPlaying && rate > 0) {
      this.rate = rate;
      this.#video.setRate(rate);
      this.#notifyChanged();
      return;
    }
    this.#stopPlayback();
    this.rate = rate;
    const from = this.#startFrame(rate);
    if (rate > 0 && this.#video.isPossible) this.#video.play(from, rate);
    else this.#playFrames(from, rate);
    this.#notifyChanged();
  }

  pause(): void {
    if (!this.playing) return;
    this.#stopPlayback();
    this.rate = 0;
    this.#notifyChanged();
    this.#goTo(this.shownFrame >= 0 ? this.shownFrame : this.#currentFrame);
  }

  /** The first and last frame between the in and out points. */
  get span(): readonly [number, number] {
    const { source, inS, outS } = this;
    const first = inS === undefined ? 0 : source.frameAt(inS);
    const last = outS === undefined ? source.last : source.lastBefore(outS);
    return first <= last ? [first, last] : [0, source.last];
  }

  /** Request the exact frame, those around it, and the first second of playback. */
  refresh(): void {
    window.clearTimeout(this.#restTimer);
    if (this.playing || this.#isClosed || !this.source.view.frames) return;
    const [width, height] = this.#callbacks.screen();
    const draft = this.#frames.get(this.#currentFrame);
    const isCoarse =
      !draft || (draft.width < width && draft.width < this.source.view.width);
    // What may be asked for next waits for the end of a drag.
    const isDragging = this.#pointer.isHeld;
    if (this.quality === "full" || (this.quality === "auto" && isCoarse)) {
      this.#frames.requestExact(this.#currentFrame, width, height, isDragging);
    } else if (!isDragging) {
      this.#frames.requestAhead();
    }
    if (isDragging) this.#refreshOnceReleased();
    else this.#video.preload(this.#startFrame(1));
  }

  /** What was asked for in a drag is on its way: the rest is, once it is released. */
  #refreshOnceReleased(): void {
    this.#restTimer = window.setTimeout(() => {
      if (this.#pointer.isHeld) this.#refreshOnceReleased();
      else this.refresh();
    }, REST_MS);
  }

  close(): void {
    this.#isClosed = true;
    window.clearTimeout(this.#restTimer);
    this.#stopPlayback();
    this.#video.closeStream();
    this.#frames.close();
    this.#turn.close();
    this.#pointer.close();
  }

  #open(source: PlayerSource): void {
    const rate = this.rate;
    this.#stopPlayback();
    this.rate = 0;
    this.#video.setSource(source);
    this.source = source;
    this.#frames.setSource(source);
    this.shownFrame = -1;
    this.#callbacks.changed();
    if (source.view.frames) this.#goTo(source.frameAt(this.#playhead.seconds), true);
    if (rate > 0) this.play(rate);
    else this.#notifyChanged();
  }

  /** A cell or the timeline moved the playhead. */
  #onPlayheadMove(seconds: number): void {
    const { source } = this;
    const frame = source.frameAt(seconds);
    if (!source.view.frames || frame === this.#currentFrame) return;
    if (!this.playing) {
      this.#goTo(frame);
      // Behind the last frame, where what is placed next begins, it stays.
      if (source.isBehindLast(seconds)) this.#playhead.move(seconds, frame);
      return;
    }
    const rate = this.rate;
    this.#stopPlayback();
    this.rate = 0;
    this.#goTo(frame);
    this.play(rate);
  }

  #goTo(frame: number, again = false): void {
    if (frame !== this.#currentFrame) {
      this.#direction = Math.sign(frame - this.#currentFrame);
    }
    this.#currentFrame = frame;
    this.#frames.request(frame, this.#direction);
    this.#show(frame, again);
    this.#movePlayhead(frame);
    window.clearTimeout(this.#restTimer);
    this.#restTimer = window.setTimeout(() => this.refresh(), REST_MS);
  }

  #show(frame: number, again = false): void {
    const picture = this.#frames.get(frame);
    if (!picture || (frame === this.shownFrame && !again)) return;
    this.shownFrame = frame;
    const { width, height } = picture;
    this.#callbacks.show({ number: frame, picture, width, height });
  }

  #onFrameReady(number: number): void {
    if (!this.playing && number === this.#currentFrame) this.#show(number, true);
  }

  /** Go on by the kernel's stream where the file fails, and by frames without it. */
  #onVideoFailed(way: "file" | "stream"): void {
    const rate = this.rate;
    this.#stopPlayback();
    if (way === "stream") {
      this.#playFrames(this.#startFrame(rate), rate);
      return;
    }
    this.rate = 0;
    this.#video.closeStream();
    if (rate) this.play(rate);
    else this.refresh();
  }

  #startFrame(rate: number): number {
    const [first, last] = this.span;
    const frame = this.#currentFrame;
    if (rate > 0) return frame >= last || frame < first ? first : frame;
    return frame <= first || frame > last ? last : frame;
  }

  #onVideoFrame(frame: DisplayedFrame): void {
    const { number } = frame;
    const last = this.span[1];
    // Nothing behind the out point is shown, however late the callback comes.
    if (number <= last) {
      this.shownFrame = number;
      this.#currentFrame = number;
      this.#callbacks.show(frame);
      this.#movePlayhead(number);
    }
    if (number >= last) this.#onEnd();
  }

  #playFrames(from: number, rate: number): void {
    this.#currentFrame = from;
    this.#direction = Math.sign(rate);
    const stride = Math.max(1, Math.round(Math.abs(rate)));
    const showIfDue = (frame: number): boolean => {
      if (!this.playing) return false;
      const [first, last] = this.span;
      this.#frames.request(frame, this.#direction * stride);
      if (frame !== this.shownFrame && this.#frames.has(frame)) {
        this.#currentFrame = frame;
        this.#show(frame);
        this.#movePlayhead(frame);
      }
      if (rate > 0 ? frame < last : frame > first) return true;
      this.#onEnd();
      return false;
    };
    const sound = this.#soundFor(rate);
    this.#clock = new FrameClock(this.source, from, rate, showIfDue, sound);
  }

  /** Sound beside single frames, at normal speed alone. */
  #soundFor(rate: number): FrameSound | undefined {
    if (rate !== 1 || this.#muted || !this.source.view.hasSound) return undefined;
    const address = this.#video.soundAddress;
    if (address) {
      return new FileSound(address, this.#volume, () => this.#onSoundFailed());
    }
    if (typeof AudioContext === "undefined") return undefined;
    return new SoundPlayer(this.#channel, this.source, this.#volume);
  }

  /** Go on with the kernel's sound. */
  #onSoundFailed(): void {
    this.#video.giveUpFile();
    if (!this.playing) return;
    this.#stopPlayback();
    this.#playFrames(this.#currentFrame, this.rate);
  }

  #onEnd(): void {
    if (!this.playing) return;
    const rate = this.rate;
    this.pause();
    if (!this.loop) return;
    const [first, last] = this.span;
    this.#goTo(rate > 0 ? first : last);
    this.play(rate);
  }

  #movePlayhead(frame: number): void {
    this.#playhead.move(this.source.timeOf(frame), frame);
  }

  #stopPlayback(): void {
    this.#video.stop();
    this.#clock?.stop();
    this.#clock = undefined;
  }

  #notifyChanged(): void {
    this.#turn.tell();
    this.#callbacks.changed();
  }
}
