/** The media that a clip passes while its speed changes. Pure. */

/** The media seconds of a clip at even steps, from its start to its end. */
export class RampMap {
  constructor(private readonly steps: readonly number[]) {}

  /** The media second at a share of the clip's length; beyond it speeds go on. */
  at(share: number): number {
    const last = this.steps.length - 1;
    const place = share * last;
    const step = Math.min(last - 1, Math.max(0, Math.floor(place)));
    const [left, right] = this.#edges(step);
    return left + (right - left) * (place - step);
  }

  /** The first share at which a media second is shown, for a start that is dragged. */
  shareOf(mediaS: number): number {
    const last = this.steps.length - 1;
    for (let step = 0; step < last; step++) {
      const [left, right] = this.#edges(step);
      if ((mediaS - left) * (mediaS - right) > 0) continue;
      const share = left === right ? 0 : (mediaS - left) / (right - left);
      return (step + share) / last;
    }
    // Before the first, or after the last: as far as its speed there leads.
    const [first, second] = this.#edges(0);
    const [before, end] = this.#edges(last - 1);
    const early = second === first ? 0 : (mediaS - first) / (second - first);
    if (early < 0) return early / last;
    return end === before ? 0 : 1 + (mediaS - end) / (end - before) / last;
  }

  #edges(step: number): readonly [number, number] {
    return [this.steps[step] ?? 0, this.steps[step + 1] ?? 0];
  }
}
