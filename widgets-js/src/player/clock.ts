/**
 * Play single frames by a clock: backwards, and where the browser plays no MP4. A frame
 * that is late leaves the last one on the screen.
 */

import type { Channel } from "../channel";
import type { PlayerSource } from "./source";

const SOUND_HZ = 48_000;
const CHUNK_S = 2;
// 16-bit stereo.
const BYTES_PER_SAMPLE = 4;
const FULL_SCALE = 32_768;
const START_DELAY_S = 0.05;

/** Sound beside single frames, which sets their time. */
export interface FrameSound {
  start(seconds: number): void;
  /** Seconds that were played; 0 until it is heard. */
  readonly elapsedS: number;
  refill(): void;
  stop(): void;
}

/** The sound of a file that the server gives; `fail` is called if it does not. */
export class FileSound implements FrameSound {
  #audio = document.createElement("audio");
  #startS = 0;
  #fail: () => void;

  constructor(url: string, volume: number, fail: () => void) {
    this.#fail = fail;
    this.#audio.preload = "auto";
    this.#audio.src = url;
    this.#audio.volume = volume;
    this.#audio.addEventListener("error", () => this.#fail());
  }

  start(seconds: number): void {
    this.#startS = seconds;
    this.#audio.currentTime = seconds;
    this.#audio.play().catch(() => this.#fail());
  }

  get elapsedS(): number {
    return Math.max(0, this.#audio.currentTime - this.#startS);
  }

  refill(): void {}

  stop(): void {
    this.#fail = () => undefined;
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#audio.load();
  }
}

export class FrameClock {
  #startedAtMs: number;
  #startS: number;
  #request = 0;
  #sound: FrameSound | undefined;

  /** `showIfDue` shows a frame if it is here, and returns whether to go on. */
  constructor(
    readonly source: PlayerSource,
    first: number,
    readonly speed: number,
    readonly showIfDue: (frame: number) => boolean,
    sound: FrameSound | undefined,
  ) {
    this.#startS = source.timeOf(first);
    this.#sound = sound;
    this.#startedAtMs = performance.now();
    sound?.start(this.#startS);
    this.#request = requestAnimationFrame(this.#tick);
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#sound?.stop();
  }

  #tick = (): void => {
    const elapsedS =
      this.#sound?.elapsedS ?? (performance.now() - this.#startedAtMs) / 1000;
    this.#sound?.refill();
    const frame = this.source.frameAt(this.#startS + elapsedS * this.speed);
    if (this.showIfDue(frame)) {
      this.#request = requestAnimationFrame(this.#tick);
    }
  };
}

/** Sound, requested in chunks and played one after another without a gap. */
export class SoundPlayer implements FrameSound {
  #channel: Channel;
  #source: PlayerSource;
  #context = new AudioContext({ sampleRate: SOUND_HZ });
  #gain: GainNode;
  #abort = new AbortController();
  /** The context's second at which the first chunk began. */
  #startedAtS: number | undefined;
  #startS = 0;
  #nextS = 0;
  #isRequesting = false;

  constructor(channel: Channel, source: PlayerSource, volume: number) {
    this.#channel = channel;
    this.#source = source;
    this.#gain = this.#context.createGain();
    this.#gain.gain.value = volume;
    this.#gain.connect(this.#context.destination);
  }

  start(seconds: number): void {
    this.#startS = seconds;
    this.#nextS = seconds;
    void this.#context.resume();
    void this.#request();
  }

  /** Seconds that were played; 0 until the first chunk is here. */
  get elapsedS(): number {
    if (this.#startedAtS === undefined) return 0;
    return Math.max(0, this.#context.currentTime - this.#startedAtS);
  }

  refill(): void {
    if (this.#nextS - this.#startS - this.elapsedS < CHUNK_S) void this.#request();
  }

  stop(): void {
    this.#abort.abort();
    void this.#context.close();
  }

  async #request(): Promise<void> {
    const { signal } = this.#abort;
    const startS = this.#nextS;
    const durationS = Math.min(CHUNK_S, this.#source.view.durationS - startS);
    if (this.#isRequesting || signal.aborted || durationS <= 0) return;
    this.#isRequesting = true;
    const { version } = this.#source.view;
    try {
      const { buffers } = await this.#channel.request(
        { kind: "askSound", version, startS, durationS },
        { signal },
      );
      if (buffers[0]) this.#play(buffers[0], startS);
      this.#nextS = startS + durationS;
    } catch {
      if (signal.aborted) return;
      // Without sound, frames go on by the clock of the context.
      this.#startedAtS ??= this.#context.currentTime;
    } finally {
      this.#isRequesting = false;
    }
  }

  #play(data: DataView, startS: number): void {
    const count = Math.floor(data.byteLength / BYTES_PER_SAMPLE);
    if (count < 1) return;
    const chunk = this.#context.createBuffer(2, count, SOUND_HZ);
    const [left, right] = [chunk.getChannelData(0), chunk.getChannelData(1)];
    for (let n = 0; n < count; n++) {
      left[n] = data.getInt16(n * BYTES_PER_SAMPLE, true) / FULL_SCALE;
      right[n] = data.getInt16(n * BYTES_PER_SAMPLE + 2, true) / FULL_SCALE;
    }
    this.#startedAtS ??= this.#context.currentTime + START_DELAY_S;
    const node = this.#context.createBufferSource();
    node.buffer = chunk;
    node.connect(this.#gain);
    const at = this.#startedAtS + startS - this.#startS;
    const lateS = Math.max(0, this.#context.currentTime - at);
    node.start(at + lateS, lateS);
  }
}
