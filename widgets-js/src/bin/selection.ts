/** Which media of a list are selected: by pointer, with Shift and Ctrl, and by keys. */

export class Selection {
  #list: HTMLElement;
  #paths = new Set<string>();
  // Where a range begins, and where the keys are.
  #anchor = "";
  #current = "";

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  set(paths: Iterable<string>): void {
    this.#paths = new Set(paths);
    this.#anchor = this.#current = [...this.#paths].at(-1) ?? "";
    this.#mark();
  }

  /** Forget what is no longer there. */
  keep(known: ReadonlySet<string>): void {
    for (const path of this.#paths) if (!known.has(path)) this.#paths.delete(path);
    this.#mark();
  }

  press(path: string, event: MouseEvent): void {
    if (event.shiftKey && this.#anchor) this.#reach(path);
    else if (event.ctrlKey || event.metaKey) {
      if (!this.#paths.delete(path)) this.#paths.add(path);
      this.#anchor = this.#current = path;
      this.#mark();
    } else this.set([path]);
  }

  /** Move by arrows, Home and End, select all; returns whether it was such a key. */
  onKeyDown(event: KeyboardEvent): boolean {
    const paths = this.#shown.map(({ path }) => path);
    const isAll = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a";
    if (isAll) {
      this.set(paths);
      return true;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const now = paths.indexOf(this.#current);
    const across = this.#columns();
    const steps: Record<string, number> = {
      ArrowDown: now + across,
      ArrowUp: now - across,
      ArrowRight: now + 1,
      ArrowLeft: now - 1,
      Home: 0,
      End: paths.length - 1,
    };
    const isAcross = event.key === "ArrowLeft" || event.key === "ArrowRight";
    const step = isAcross && across === 1 ? undefined : steps[event.key];
    if (step === undefined || !paths.length) return false;
    const next = paths[Math.max(0, Math.min(paths.length - 1, step))] ?? "";
    if (event.shiftKey && this.#anchor) this.#reach(next);
    else this.set([next]);
    const tile = this.#shown.find(({ path }) => path === next)?.tile;
    tile?.scrollIntoView?.({ block: "nearest" });
    return true;
  }

  get #shown(): { path: string; tile: HTMLElement }[] {
    const tiles = this.#list.querySelectorAll<HTMLElement>("[role=option]");
    return [...tiles].map((tile) => ({ path: tile.dataset.path ?? "", tile }));
  }

  /** How many tiles stand side by side. */
  #columns(): number {
    const tops = this.#shown.map(({ tile }) => tile.offsetTop);
    if (this.#list.dataset.look !== "grid") return 1;
    return Math.max(1, tops.filter((top) => top === tops[0]).length);
  }

  /** Select from the anchor to a medium. */
  #reach(path: string): void {
    const paths = this.#shown.map((one) => one.path);
    const [from, to] = [paths.indexOf(this.#anchor), paths.indexOf(path)];
    this.#paths = new Set(paths.slice(Math.min(from, to), Math.max(from, to) + 1));
    this.#current = path;
    this.#mark();
  }

  #mark(): void {
    for (const { path, tile } of this.#shown) {
      tile.setAttribute("aria-selected", String(this.#paths.has(path)));
      if (path === this.#current) {
        this.#list.setAttribute("aria-activedescendant", tile.id);
      }
    }
  }
}
