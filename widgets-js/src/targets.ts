/** What edits of every part of a widget go to: tracks, and clips with their linked. */

export type TargetType = "video" | "audio" | "subtitle";

export class Targets {
  #find: (type: TargetType) => string | undefined = () => undefined;
  #isAlone: () => boolean = () => false;

  /** Have the timeline say which tracks it is, and whether clips are chosen alone. */
  use(find: (type: TargetType) => string | undefined, isAlone: () => boolean): void {
    this.#find = find;
    this.#isAlone = isAlone;
  }

  /** Whether what is linked to the chosen clips is left as it is. */
  get alone(): boolean {
    return this.#isAlone();
  }

  /** The name of the track for media of a type; undefined leaves it to the kernel. */
  of(type: TargetType): string | undefined {
    return this.#find(type);
  }
}
