/** Media Source Extensions for tests: they throw where a browser's do. */

export class FakeSourceBuffer extends EventTarget {
  updating = false;
  readonly appended: number[] = [];
  /** Start and end of what is buffered. */
  ranges: [number, number][] = [];
  #offset = 0;

  constructor(readonly parent: FakeMediaSource) {
    super();
  }

  get buffered() {
    this.#check("read the 'buffered' property");
    const { ranges } = this;
    return {
      length: ranges.length,
      start: (n: number) => ranges[n]?.[0] ?? 0,
      end: (n: number) => ranges[n]?.[1] ?? 0,
    };
  }

  get timestampOffset(): number {
    return this.#offset;
  }

  set timestampOffset(seconds: number) {
    this.#check("set the 'timestampOffset' property");
    this.#offset = seconds;
  }

  appendBuffer(data: Uint8Array): void {
    this.#check("execute 'appendBuffer'");
    if (this.parent.isFull) throw new DOMException("full", "QuotaExceededError");
    this.appended.push(data.byteLength);
    this.updating = true;
  }

  remove(start: number, end: number): void {
    this.#check("execute 'remove'");
    this.parent.isFull = false;
    this.ranges = this.ranges.map(([a, b]) => [a < end && start <= a ? end : a, b]);
    this.updating = true;
  }

  /** End what is being appended or removed. */
  finish(): void {
    this.updating = false;
    this.dispatchEvent(new Event("updateend"));
  }

  #check(what: string): void {
    if (this.parent.sourceBuffers.includes(this)) return;
    throw new DOMException(
      `Failed to ${what} on 'SourceBuffer': This SourceBuffer has been removed`,
      "InvalidStateError",
    );
  }
}

export class FakeMediaSource extends EventTarget {
  static made: FakeMediaSource[] = [];
  static isTypeSupported = (mime: string): boolean => mime.includes("avc1");
  readyState: "closed" | "open" | "ended" = "closed";
  sourceBuffers: FakeSourceBuffer[] = [];
  duration = Number.NaN;
  isFull = false;

  constructor() {
    super();
    FakeMediaSource.made.push(this);
  }

  static get last(): FakeMediaSource {
    const last = FakeMediaSource.made.at(-1);
    if (!last) throw new Error("no media source was made");
    return last;
  }

  get buffer(): FakeSourceBuffer {
    const [buffer] = this.sourceBuffers;
    if (!buffer) throw new Error("there is no source buffer");
    return buffer;
  }

  open(): void {
    this.readyState = "open";
    this.dispatchEvent(new Event("sourceopen"));
  }

  addSourceBuffer(_mime: string): FakeSourceBuffer {
    const buffer = new FakeSourceBuffer(this);
    this.sourceBuffers.push(buffer);
    return buffer;
  }

  endOfStream(): void {
    if (this.readyState !== "open" || this.sourceBuffers.some((b) => b.updating)) {
      throw new DOMException("not open", "InvalidStateError");
    }
    this.readyState = "ended";
  }

  /** Remove the buffers and close, as a browser does when it detaches the source. */
  detach(): void {
    this.sourceBuffers = [];
    this.readyState = "closed";
  }

  /** Send the event of the detachment; browsers do so in a later task. */
  reportClose(): void {
    this.dispatchEvent(new Event("sourceclose"));
  }
}
