/** What can be done to a timeline by button, key or menu: each asks the kernel. */

import type { Channel, Wish } from "../channel";
import { t } from "../i18n";
import type { Playhead } from "../playhead";
import type { MarkerView } from "../protocol";
import { frameAt, frameTime, lastFrame } from "../time";
import type { Choice } from "../ui/menu";
import type { Notice } from "../ui/notice";
import type { Tool } from "./drag";
import { type Hit, zoom } from "./geometry";
import { CLIP, placeOf, TRANSITION } from "./model";
import { nextEdge } from "./snap";
import type { State } from "./state";

const DISSOLVE_S = 1;
const ZOOM_STEP = 1.5;
const MARKER_PX = 7;

export class Actions {
  constructor(
    readonly channel: Channel,
    readonly state: State,
    readonly playhead: Playhead,
    readonly notice: Notice,
    readonly redraw: () => void,
  ) {}

  /** Ask for an edit; the kernel's refusal is shown in its words. */
  ask = async (wish: Wish): Promise<boolean> => {
    try {
      await this.channel.ask(wish);
      this.notice.clear();
      return true;
    } catch (problem) {
      this.notice.problem(problem);
      return false;
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

  undo = () => this.ask({ kind: "undo" });
  redo = () => this.ask({ kind: "redo" });
  split = () => this.ask({ kind: "split", items: this.items, atS: this.atS });
  paste = () => this.ask({ kind: "paste", atS: this.atS });
  mark = () => this.ask({ kind: "addMarker", atS: this.atS, name: t("Marker") });

  splitAt = (item: string, atS: number) =>
    this.ask({ kind: "split", items: item ? [item] : [], atS });

  remove = (ripple: boolean): void => {
    if (this.items.length) void this.ask({ kind: "remove", items: this.items, ripple });
  };

  copy = (cut: boolean): void => {
    if (this.items.length) void this.ask({ kind: "copy", items: this.items, cut });
  };

  /** Copy what is selected to the end of it. */
  duplicate = async (): Promise<void> => {
    const ends = this.items.map((id) => this.spanOf(id)?.[1] ?? 0);
    if (!ends.length) return;
    if (await this.ask({ kind: "copy", items: this.items, cut: false })) {
      await this.ask({ kind: "paste", atS: Math.max(...ends) });
    }
  };

  dissolve = (item: string) =>
    this.ask({ kind: "dissolve", item, durationS: DISSOLVE_S });

  selectAll = (): void => {
    this.state.select(
      this.state.timeline.tracks.flatMap((track) => track.ids.filter(Boolean)),
    );
    this.redraw();
  };

  /** Trim the selected items, or what is under the playhead, to the playhead. */
  trimToPlayhead = (edge: "head" | "tail"): void => {
    const item = this.items[0] ?? this.underPlayhead()[0];
    if (item) void this.ask({ kind: "trim", item, edge, toS: this.atS, tool: "trim" });
  };

  /** Move the selected items by frames, or between tracks. */
  nudge = (frames: number, up: number): void => {
    const [anchor] = this.items;
    const span = anchor ? this.spanOf(anchor) : undefined;
    if (!anchor || !span) return;
    const { rate } = this.state.timeline;
    const toS = Math.max(0, span[0] + frames * frameTime(1, rate));
    void this.ask({ kind: "move", items: this.items, anchor, toS, up });
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
    state.look(
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

  /** What a click with the right button offers. */
  choices(hit: Hit): readonly (readonly Choice[])[] {
    const { items, state } = this;
    const track = state.timeline.tracks[hit.row];
    const isClip = !!track && hit.item >= 0 && track.kind(hit.item) === CLIP;
    const item = track?.ids[hit.item] ?? "";
    const none = !items.length;
    const edits: Choice[] = [
      { label: t("Cut"), keys: "Ctrl+X", disabled: none, pick: () => this.copy(true) },
      {
        label: t("Copy"),
        keys: "Ctrl+C",
        disabled: none,
        pick: () => this.copy(false),
      },
      {
        label: t("Paste at the playhead"),
        keys: "Ctrl+V",
        disabled: !state.session.canPaste,
        pick: this.paste,
      },
      {
        label: t("Delete"),
        keys: "Del",
        disabled: none,
        pick: () => this.remove(false),
      },
      {
        label: t("Ripple delete"),
        keys: "Shift+Del",
        disabled: none,
        pick: () => this.remove(true),
      },
    ];
    const cuts: Choice[] = [
      { label: t("Split at the playhead"), keys: "S", pick: this.split },
      {
        label: t("Dissolve into the next clip"),
        disabled: !isClip || track?.type !== "video",
        pick: () => this.dissolve(item),
      },
      {
        label: t("Link"),
        disabled: items.length < 2,
        pick: () => this.ask({ kind: "link", items }),
      },
      {
        label: t("Unlink"),
        disabled: !isClip || !track?.linked(hit.item),
        pick: () => this.ask({ kind: "unlink", item }),
      },
    ];
    const marker = hit.zone === "ruler" ? this.markerAt(hit.seconds) : undefined;
    const tracks: Choice[] = [
      { label: t("Add a marker"), keys: "M", pick: this.mark },
      {
        label: t("Remove this marker"),
        disabled: !marker,
        pick: () => this.ask({ kind: "removeMarker", name: marker?.name ?? "" }),
      },
      {
        label: t("Add a video track"),
        pick: () => this.ask({ kind: "addTrack", type: "video" }),
      },
      {
        label: t("Add an audio track"),
        pick: () => this.ask({ kind: "addTrack", type: "audio" }),
      },
      {
        label: t("Remove this track"),
        disabled: !track,
        pick: () => this.ask({ kind: "removeTrack", track: track?.name ?? "" }),
      },
    ];
    return [edits, cuts, tracks];
  }

  /** The marker whose flag is near a time. */
  markerAt(seconds: number): MarkerView | undefined {
    const reach = MARKER_PX / this.state.scale.pxPerS;
    return this.state.timeline.markers.find(
      (marker) => Math.abs(marker.startS - seconds) <= reach,
    );
  }

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
