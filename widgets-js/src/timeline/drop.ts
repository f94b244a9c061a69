/** Media dropped on the timeline: a ghost shows what will be there, then it is placed. */

import type { RequestBody } from "../channel";
import {
  hasOffer,
  type OfferTarget,
  offerIn,
  requestOf,
} from "../editor/effects/offer";
import { t } from "../i18n";
import {
  type DraggedMedia,
  type DropPlace,
  draggedMedia,
  FOREIGN_DROP,
  type ForeignDrop,
  isForeign,
  type PlaceMode,
} from "../mediaDrag";
import { onFrame } from "../time";
import type { Actions } from "./actions";
import { RULER_PX, rowAt, toSeconds } from "./geometry";
import { placeOf } from "./model";
import { formatPlace } from "./numbers";
import { Planner } from "./planner";
import { snapShift } from "./snap";
import type { DragTip, Tip } from "./tip";

const DROP_SNAP_PX = 9;
// So near a cut, a transition goes onto it.
const CUT_PX = 40;

export class Drops {
  readonly #planner: Planner;
  #body: RequestBody | undefined;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly actions: Actions,
    readonly tip: DragTip,
  ) {
    this.#planner = new Planner(actions.channel);
  }

  onDragOver = (event: DragEvent): void => {
    const transfer = event.dataTransfer;
    const media = draggedMedia();
    if (transfer && hasOffer(transfer)) {
      this.#showTarget(event, transfer);
      return;
    }
    if (!transfer || (!media && !isForeign(transfer))) return;
    event.preventDefault();
    transfer.dropEffect = "copy";
    const { state } = this.actions;
    const { atS, snapS } = this.#timeAt(event, media);
    const place = { mode: modeOf(event), atS, ...this.#rowAt(event) };
    const before = state.drop;
    state.drop = {
      ...place,
      snapS,
      plan: before?.plan,
      problem: before?.problem ?? "",
    };
    this.#show(event, media);
    this.actions.redraw();
    const body = media?.request(place);
    if (JSON.stringify(body) === JSON.stringify(this.#body)) return;
    this.#body = body;
    this.#planner.ask(body, (plan, problem) => {
      if (!state.drop) return;
      state.drop = { ...state.drop, plan, problem };
      this.#show(event, media);
      this.actions.redraw();
    });
  };

  onDragLeave = (): void => {
    this.#end();
  };

  onDrop = (event: DragEvent): void => {
    const { drop } = this.actions.state;
    const transfer = event.dataTransfer;
    const media = draggedMedia();
    const body = this.#body;
    const offer = offerIn(transfer);
    const target = offer && this.#targetOf(event);
    this.#end();
    if (offer && target) {
      event.preventDefault();
      const request = requestOf(offer, {
        ...target,
        durationS: this.actions.newTransitionS(),
      });
      if (request) void this.actions.request(request);
      return;
    }
    if (!transfer || !drop || (!media && !isForeign(transfer))) return;
    event.preventDefault();
    if (media) {
      // What the ghost showed, wherever the pointer is let go.
      void this.actions.request(body ?? media.request(drop));
      return;
    }
    const detail: ForeignDrop = { ...drop, transfer };
    this.canvas.dispatchEvent(new CustomEvent(FOREIGN_DROP, { detail, bubbles: true }));
  };

  /** Show what an effect or a transition would be put on. */
  #showTarget(event: DragEvent, transfer: DataTransfer): void {
    event.preventDefault();
    transfer.dropEffect = "copy";
    const { state } = this.actions;
    const { clip = "", cut, atS } = this.#targetOf(event);
    const place = placeOf(state.timeline, cut ?? clip);
    const track = place && state.timeline.tracks[place.row];
    const cutS = cut && place && track ? track.start(place.item) : undefined;
    state.hover = clip;
    state.drop = {
      atS: cutS ?? atS,
      snapS: cutS,
      mode: "overwrite",
      track: undefined,
      onNewTrack: false,
      plan: undefined,
      problem: "",
    };
    const name = (place && track?.names[place.item]) ?? "";
    const on = cut ? t("At the cut before {name}", { name }) : name;
    const numbers = [on || formatPlace(atS, state.timeline.rate)];
    this.tip.show({ numbers }, { x: event.clientX, y: event.clientY });
    this.actions.redraw();
  }

  /** The clip under the pointer, and the cut that is near it. */
  #targetOf(event: DragEvent): OfferTarget {
    const { state } = this.actions;
    const { timeline, scale } = state;
    const box = this.canvas.getBoundingClientRect();
    const seconds = Math.max(0, toSeconds(scale, event.clientX - box.left));
    const atS = onFrame(seconds, timeline.rate);
    const rowY = event.clientY - box.top - RULER_PX + state.scrollPx;
    const track = timeline.tracks[rowAt(state.tops, rowY)];
    const item = track?.itemAt(seconds) ?? -1;
    if (!track || item < 0) return { atS };
    const reach = CUT_PX / scale.pxPerS;
    const next = track.neighbor(item, 1);
    const isAtStart = seconds - track.start(item) < reach;
    const isAtEnd = track.end(item) - seconds < reach;
    const after =
      isAtStart && track.neighbor(item, -1) >= 0 ? item : isAtEnd ? next : -1;
    const cut = after >= 0 ? { cut: track.ids[after] ?? "" } : {};
    return { atS, clip: track.ids[item] ?? "", ...cut };
  }

  #end(): void {
    this.#planner.cancel();
    this.#body = undefined;
    this.tip.hide();
    this.actions.state.drop = undefined;
    this.actions.redraw();
  }

  #show(event: DragEvent, media: DraggedMedia | undefined): void {
    const { drop, timeline } = this.actions.state;
    if (!drop) return;
    const place = formatPlace(drop.atS, timeline.rate);
    const inserts = drop.mode === "insert";
    const tip: Tip = {
      numbers: [inserts ? t("Insert") : t("Overwrite"), place, media?.name ?? ""],
      problem: drop.problem,
      hint: inserts ? t("Let go of Shift to overwrite") : t("Hold Shift to insert"),
    };
    this.tip.show(tip, { x: event.clientX, y: event.clientY });
  }

  #timeAt(
    event: DragEvent,
    media: DraggedMedia | undefined,
  ): { readonly atS: number; readonly snapS: number | undefined } {
    const { state, playhead } = this.actions;
    const box = this.canvas.getBoundingClientRect();
    const seconds = Math.max(0, toSeconds(state.scale, event.clientX - box.left));
    const times = media?.durationS ? [seconds, seconds + media.durationS] : [seconds];
    const reach = DROP_SNAP_PX / state.scale.pxPerS;
    const extra = [0, playhead.seconds];
    const found =
      state.snaps && !event.altKey
        ? snapShift(state.timeline, times, reach, extra, new Set())
        : { shiftS: 0, atS: undefined };
    if (found.atS !== undefined)
      return { atS: Math.max(0, seconds + found.shiftS), snapS: found.atS };
    return { atS: onFrame(seconds, state.timeline.rate), snapS: undefined };
  }

  /** The track under the pointer; below all of them, a new one. */
  #rowAt(event: DragEvent): Pick<DropPlace, "track" | "onNewTrack"> {
    const { state } = this.actions;
    const { tracks } = state.timeline;
    const y = event.clientY - this.canvas.getBoundingClientRect().top;
    if (y < RULER_PX) return { track: undefined, onNewTrack: false };
    const rowY = y - RULER_PX + state.scrollPx;
    const track = tracks[rowAt(state.tops, rowY)]?.name ?? state.targetOf("video");
    const isBelow = tracks.length > 0 && rowY >= (state.tops.at(-1) ?? 0);
    return { track, onNewTrack: isBelow && modeOf(event) === "overwrite" };
  }
}

function modeOf(event: DragEvent): PlaceMode {
  return event.shiftKey || event.ctrlKey || event.metaKey ? "insert" : "overwrite";
}
