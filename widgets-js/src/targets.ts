/** The tracks that media is put on, for every part of a widget that puts some. */

export type TargetType = "video" | "audio" | "subtitle";

export class Targets {
  #find: (type: TargetType) => string | undefined = () => undefined;

  /** Have the timeline say which tracks it is. */
  use(find: (type: TargetType) => string | undefined): void {
    this.#find = find;
  }

  /** The name of the track for media of a type; undefined leaves it to the kernel. */
  of(type: TargetType): string | undefined {
    return this.#find(type);
  }
}
