/** The menu of a transition, and the dialog of its length. */

import { t } from "../i18n";
import type { KindView } from "../protocol";
import { frameTime, timecode } from "../time";
import { parseTimecode } from "../timecodeText";
import { openDialog } from "../ui/dialog";
import { h } from "../ui/dom";
import type { Choice, MenuGroups } from "../ui/menu";
import type { Actions } from "./actions";
import type { Hit } from "./hit";
import type { Track } from "./model";
import { isCentered, type Lie, lieOf, mostOf } from "./transitionDrag";

const HAIR_S = 1e-6;

export class Transitions {
  #kinds: readonly KindView[] = [];

  constructor(
    readonly canvas: HTMLElement,
    readonly actions: Actions,
  ) {
    actions.channel.on("catalog", ({ kinds }) => {
      this.#kinds = kinds;
    });
  }

  /** The menu of the transition at a hit. */
  choices(hit: Hit): MenuGroups {
    const track = this.actions.state.timeline.tracks[hit.row];
    if (!track) return [];
    const lie = lieOf(track, hit.item);
    const after = track.ids[lie.after] ?? "";
    const kinds = this.#choicesOfKinds(track, hit.item, lie);
    return [
      [
        { label: t("Duration…"), pick: () => this.openLength(hit) },
        { label: t("Alignment"), groups: [this.#alignments(track, lie)] },
        { label: t("Kind"), groups: [kinds], disabled: !kinds.length },
      ],
      [
        {
          label: t("Use this duration for new transitions"),
          pick: () => this.#makeDefault(lie),
        },
      ],
      [
        {
          label: t("Remove transition"),
          pick: () =>
            this.actions.request({
              kind: "setTransition",
              item: after,
              transition: "",
              durationS: 1,
            }),
        },
      ],
    ];
  }

  /** Open the length of the transition at a hit. */
  openLength(hit: Hit): void {
    const { timeline } = this.actions.state;
    const track = timeline.tracks[hit.row];
    if (!track) return;
    const { rate } = timeline;
    const lie = lieOf(track, hit.item);
    const field = h("input", {
      type: "text",
      class: "tnb-text",
      dir: "ltr",
      value: timecode(lie.inS + lie.outS + HAIR_S, rate),
      "aria-label": t("Duration"),
      "data-testid": "transition-length",
    });
    const set = () => {
      const length = parseTimecode(field.value, rate);
      if (!length || length < frameTime(1, rate) - HAIR_S) {
        field.setAttribute("aria-invalid", "true");
        return false;
      }
      this.#set(track, lie, ...partsOf(lie, length, frameTime(1, rate)));
      return true;
    };
    openDialog(this.canvas, {
      title: t("Duration of the transition"),
      body: h("label", { class: "tnb-field" }, t("Duration"), field),
      actions: [
        { label: t("Cancel") },
        { label: t("Set duration"), kind: "primary", run: set },
      ],
    });
    field.select();
  }

  #alignments(track: Track, lie: Lie): Choice[] {
    const length = lie.inS + lie.outS;
    const choice = (label: string, inS: number, isNow: boolean): Choice => ({
      label,
      checked: isNow,
      pick: () => this.#set(track, lie, inS, length - inS),
    });
    return [
      choice(t("Center on the cut"), length / 2, isCentered(lie)),
      choice(t("Start at the cut"), 0, lie.inS < HAIR_S),
      choice(t("End at the cut"), length, lie.outS < HAIR_S),
    ];
  }

  #choicesOfKinds(track: Track, item: number, lie: Lie): Choice[] {
    const medium = track.type === "audio" ? "crossfade" : "transition";
    return this.#kinds
      .filter((kind) => kind.medium === medium)
      .map(({ kind }) => ({
        label: t(kind),
        checked: kind === track.names[item],
        pick: () => this.#set(track, lie, lie.inS, lie.outS, kind),
      }));
  }

  #set(track: Track, lie: Lie, inS: number, outS: number, transition?: string): void {
    const after = track.ids[lie.before] ?? "";
    const [mostIn, mostOut] = mostOf(track, lie);
    void this.actions.request({
      kind: "setTransitionRange",
      after,
      inS: Math.min(inS, mostIn),
      outS: Math.min(outS, mostOut),
      ...(transition ? { transition } : {}),
    });
  }

  #makeDefault({ inS, outS }: Lie): void {
    const { rate } = this.actions.state.timeline;
    const frames = Math.round(((inS + outS) * rate.num) / rate.den);
    const { channel, notice } = this.actions;
    channel
      .request({ kind: "changeSettings", transition: `${frames}f` })
      .catch(notice.problem);
  }
}

/** The parts before and after the cut of another length, aligned as before. */
export function partsOf(
  { inS, outS }: Lie,
  length: number,
  frame: number,
): readonly [number, number] {
  const frames = Math.round(length / frame);
  const share = inS / Math.max(inS + outS, HAIR_S);
  const before = Math.floor(frames * share + HAIR_S);
  return [before * frame, (frames - before) * frame];
}
