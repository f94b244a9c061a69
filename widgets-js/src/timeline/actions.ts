/** The timeline's actions by button, key or menu; the kernel makes the edits. */

import type { Channel, RequestBody } from "../channel";
import type { Playhead } from "../playhead";
import { frameAt, frameTime, lastFrame } from "../time";
import type { Notice } from "../ui/notice";
import type { Tool } from "./dragState";
import { zoom } from "./geometry";
import { CLIP, placeOf, TRANSITION } from "./model";
import { nextEdge } from "./snap";
import type { State } from "./state";

const ZOOM_STEP = 1.5;

export class Actions {
  // What is not answered yet: keys may be faster than the kernel.
  readonly #pending = new Set<RequestBody>();
  #nudged: { readonly anchor: string; readonly toS: number } | undefined;

  constructor(
    readonly channel: Channel,
    readonly state: State,
    readonly playhead: Playhead,
    readonly notice: Notice,
    readonly redraw: () => void,
    /** The length that a person set for new transitions. */
    readonly newTransitionS: () => number,
  ) {}

  /**
   * Request an edit; returns whether it was made, and shows why it was not.
   *
   * `isNobodys` tells of a reason whether there is nothing to be shown.
   */
  request = async (
    body: RequestBody,
    isNobodys: (problem: unknown) => boolean = () => false,
  ): Promise<boolean> => {
    this.#pending.add(body);
    try {
      await this.channel.request(body);
      this.notice.clear();
      return true;
    } catch (problem) {
      if (!isNobodys(problem)) this.notice.problem(problem);
      return false;
    } finally {
      this.#pending.delete(body);
      // What can be undone may have come, and been shown, before this answer.
      this.redraw();
    }
  };

  get items(): readonly string[] {
    return this.state.selection;
  }

  get atS(): number {
    return this.playhead.seconds;
  }

  setTool = (tool: Tool): void => {
    this.state.tool = tool;
    this.state.bladeS = undefined;
    this.redraw();
  };

  toggleSnap = (): void => {
    this.state.snaps = !this.state.snaps;
    this.redraw();
  };

  /** Whether there is a step to undo, or one is being made. */
  get canUndo(): boolean {
    return !!this.state.session.undo || this.#pending.size > 0;
  }

  /** Whether there is a step to redo, or one is being undone. */
  get canRedo(): boolean {
    return !!this.state.session.redo || this.#isPending("undo");
  }

  /** Whether there is something to paste, or it is being copied. */
  get canPaste(): boolean {
    return this.state.session.canPaste || this.#isPending("copy");
  }

  #isPending(kind: RequestBody["kind"]): boolean {
    return [...this.#pending].some((body) => body.kind === kind);
  }

  undo = () => this.request({ kind: "undo" });
  redo = () => this.request({ kind: "redo" });
  split = () => this.#split(this.items, this.atS, this.state.alone);
  paste = () => this.request({ kind: "paste", atS: this.atS, overwrite: false });
  pasteOver = () => this.request({ kind: "paste", atS: this.atS, overwrite: true });
  splitAt = (item: string, atS: number, alone: boolean) =>
    this.#split(item ? [item] : [], atS, alone);

  #split(items: readonly string[], atS: number, alone: boolean): Promise<boolean> {
    return this.request({ kind: "split", items, atS, alone });
  }

  remove = (ripple: boolean): void => {
    const { items } = this;
    const { alone } = this.state;
    if (items.length) void this.request({ kind: "remove", items, ripple, alone });
  };

  copy = (cut: boolean): void => {
    const { items } = this;
    const { alone } = this.state;
    if (items.length) void this.request({ kind: "copy", items, cut, alone });
  };

  /** Insert copies of the selected items at their end. */
  duplicate = (): void => {
    const { items } = this;
    const ends = items.map((id) => this.spanOf(id)?.[1] ?? 0);
    if (!ends.length) return;
    const atS = Math.max(...ends);
    const { alone } = this.state;
    void this.request({ kind: "duplicate", items, atS, overwrite: false, alone });
  };

  link = () => this.request({ kind: "link", items: this.items });

  /** Whether there are clips to link: several, and not linked to each other yet. */
  get canLink(): boolean {
    const chosen = new Set(this.items);
    const links = this.state.timeline.tracks.flatMap((track) =>
      track.ids.flatMap((id, item) => {
        if (!chosen.has(id)) return [];
        return [track.kind(item) === CLIP ? track.link(item) : -1];
      }),
    );
    const isOne = !!links[0] && links.every((link) => link === links[0]);
    return links.length > 1 && !links.includes(-1) && !isOne;
  }

  /** Stop what is being dragged, and deselect. */
  cancel = (): void => {
    this.state.drag = undefined;
    this.state.select([]);
    this.redraw();
  };

  dissolve = (item: string) =>
    this.request({ kind: "dissolve", item, durationS: this.newTransitionS() });

  selectAll = (): void => {
    this.state.select(
      this.state.timeline.tracks.flatMap((track) => track.ids.filter(Boolean)),
    );
    this.redraw();
  };

  /** Trim the selected item, or the one under the playhead, to the playhead. */
  trimToPlayhead = (edge: "head" | "tail", tool: "trim" | "ripple"): void => {
    const item = this.items[0] ?? this.underPlayhead()[0];
    const { alone } = this.state;
    if (item)
      void this.request({ kind: "trim", item, edge, toS: this.atS, tool, alone });
  };

  /** Move the selected items by frames, or up by tracks. */
  nudge = (frames: number, up: number): void => {
    const [anchor] = this.items;
    const span = anchor ? this.spanOf(anchor) : undefined;
    if (!anchor || !span) return;
    const { rate } = this.state.timeline;
    // Presses that come before the kernel's answer add up.
    const pending = this.#nudged?.anchor === anchor ? this.#nudged : undefined;
    const fromS = pending?.toS ?? span[0];
    const toS = Math.max(0, fromS + frames * frameTime(1, rate));
    const nudged = { anchor, toS };
    this.#nudged = nudged;
    const { items } = this;
    const { alone } = this.state;
    const sent = this.request({ kind: "move", items, anchor, toS, up, alone });
    void sent.then((isMade) => {
      if (this.#nudged === nudged || !isMade) this.#nudged = undefined;
    });
  };

  step = (frames: number): void => {
    const { rate, durationS } = this.state.timeline;
    const now = frameAt(this.atS, rate) + frames;
    const last = lastFrame(durationS, rate);
    this.playhead.move(frameTime(Math.min(last, Math.max(0, now)), rate));
  };

  toEdge = (direction: 1 | -1): void => {
    const at = nextEdge(this.state.timeline, this.atS, direction);
    if (at !== undefined) this.playhead.move(at);
  };

  selectUnderPlayhead = (): void => {
    this.state.select(this.underPlayhead());
    this.redraw();
  };

  zoom = (factor: number, anchorPx = this.state.width / 2): void => {
    const { state } = this;
    const least = state.width / Math.max(state.timeline.durationS * 1.2, 10);
    state.setScale(
      zoom(state.scale, factor, anchorPx, Math.min(least, state.scale.pxPerS)),
    );
    this.redraw();
  };

  zoomIn = () => this.zoom(ZOOM_STEP);
  zoomOut = () => this.zoom(1 / ZOOM_STEP);

  fit = (): void => {
    this.state.fit();
    this.redraw();
  };

  /** The first of these items that shows a timeline; empty if none does. */
  nestedIn(ids: readonly string[]): string {
    const { timeline } = this.state;
    const shows = (id: string) => {
      const place = placeOf(timeline, id);
      const track = place && timeline.tracks[place.row];
      if (!track || track.kind(place.item) !== CLIP) return false;
      return !!timeline.media[track.media(place.item)]?.isTimeline;
    };
    return ids.find((id) => id && shows(id)) ?? "";
  }

  /** Set in and out around what is selected, or the topmost item at the playhead. */
  markClip = (): void => {
    const ids = this.items.length ? this.items : this.underPlayhead().slice(0, 1);
    const spans = ids.flatMap((id) => {
      const span = this.spanOf(id);
      return span ? [span] : [];
    });
    if (!spans.length) return;
    this.playhead.setRange({
      inS: Math.min(...spans.map(([start]) => start)),
      outS: Math.max(...spans.map(([, end]) => end)),
    });
  };

  openNested = (item: string): Promise<boolean> =>
    this.request({ kind: "openNested", item });

  closeNested = (depth: number): Promise<boolean> =>
    this.request({ kind: "closeNested", depth });

  spanOf(id: string): readonly [number, number] | undefined {
    const place = placeOf(this.state.timeline, id);
    const track = place && this.state.timeline.tracks[place.row];
    return place && track
      ? [track.start(place.item), track.end(place.item)]
      : undefined;
  }

  underPlayhead(): string[] {
    return this.state.timeline.tracks.flatMap((track) => {
      const item = track.itemAt(this.atS);
      return item >= 0 && track.kind(item) !== TRANSITION
        ? [track.ids[item] ?? ""]
        : [];
    });
  }
}
