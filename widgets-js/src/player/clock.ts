/**
 * Playback by single frames: backwards, and where the browser plays no MP4. A clock
 * tells which frame is due; one that has not come leaves the last one standing.
 */

import type { Channel } from "../channel";
import type { Film } from "./film";

const SOUND_HZ = 48_000;
const PIECE_S = 2;

export class Clock {
  #began = 0;
  #from: number;
  #request = 0;
  #sound: SoundClock | undefined;

  constructor(
    readonly film: Film,
    first: number,
    readonly speed: number,
    readonly due: (frame: number) => boolean,
    sound: SoundClock | undefined,
  ) {
    this.#from = film.timeOf(first);
    this.#sound = sound;
    this.#began = performance.now();
    sound?.start(this.#from);
    this.#request = requestAnimationFrame(this.#tick);
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#sound?.stop();
  }

  #tick = (): void => {
    const passed = this.#sound?.passedS ?? (performance.now() - this.#began) / 1000;
    const seconds = this.#from + passed * this.speed;
    this.#sound?.refill();
    if (this.due(this.film.frameAt(seconds))) {
      this.#request = requestAnimationFrame(this.#tick);
    }
  };
}

/** Sound fetched in pieces and played one after another, without a gap. */
export class SoundClock {
  #channel: Channel;
  #film: Film;
  #context = new AudioContext({ sampleRate: SOUND_HZ });
  #gain: GainNode;
  #startedAt: number | undefined;
  #next = 0;
  #fetching = false;
  #stopped = false;

  constructor(channel: Channel, film: Film, volume: number) {
    this.#channel = channel;
    this.#film = film;
    this.#gain = this.#context.createGain();
    this.#gain.gain.value = volume;
    this.#gain.connect(this.#context.destination);
  }

  #fromS = 0;

  start(fromS: number): void {
    this.#fromS = fromS;
    this.#next = fromS;
    void this.#context.resume();
    void this.#fetch();
  }

  /** Seconds that were heard; 0 until the first piece is here. */
  get passedS(): number {
    if (this.#startedAt === undefined) return 0;
    return Math.max(0, this.#context.currentTime - this.#startedAt);
  }

  refill(): void {
    if (this.#next - this.#fromS - this.passedS < PIECE_S) void this.#fetch();
  }

  stop(): void {
    this.#stopped = true;
    void this.#context.close();
  }

  async #fetch(): Promise<void> {
    const left = this.#film.view.durationS - this.#next;
    if (this.#fetching || this.#stopped || left <= 0) return;
    this.#fetching = true;
    const startS = this.#next;
    const { version } = this.#film.view;
    const durationS = Math.min(PIECE_S, left);
    try {
      const { buffers } = await this.#channel.ask({
        kind: "askSound",
        version,
        startS,
        durationS,
      });
      if (!this.#stopped && buffers[0]) this.#play(buffers[0], startS);
      this.#next = startS + durationS;
    } catch {
      // Without its sound, the film goes on by the clock of what was heard.
      this.#startedAt ??= this.#context.currentTime;
    } finally {
      this.#fetching = false;
    }
  }

  #play(data: DataView, startS: number): void {
    const count = data.byteLength / 4;
    if (count < 1) return;
    const piece = this.#context.createBuffer(2, count, SOUND_HZ);
    const [left, right] = [piece.getChannelData(0), piece.getChannelData(1)];
    for (let n = 0; n < count; n++) {
      left[n] = data.getInt16(n * 4, true) / 32768;
      right[n] = data.getInt16(n * 4 + 2, true) / 32768;
    }
    this.#startedAt ??= this.#context.currentTime + 0.05;
    const node = this.#context.createBufferSource();
    node.buffer = piece;
    node.connect(this.#gain);
    const at = this.#startedAt + startS - this.#fromS;
    const late = Math.max(0, this.#context.currentTime - at);
    node.start(at + late, late);
  }
}
