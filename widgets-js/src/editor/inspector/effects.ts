/** The effects of the selection, in order, and the transitions at its cuts. */

import { t, tn } from "../../i18n";
import type { EffectsView, EffectView, KindView } from "../../protocol";
import { h } from "../../ui/dom";
import { KeyedRows, type Row } from "../../ui/keyedRows";
import { type Choice, openMenu } from "../../ui/menu";
import type { InspectorContext } from "./context";
import type { Target } from "./control";
import type { DraftChange } from "./drafts";
import { type EffectActions, makeEffectBox, shapeOf } from "./effectBox";
import { abandonDrags } from "./gone";
import { makeTransition } from "./transition";

/** What the editor offers beside the inspector. */
export interface EffectsHost {
  /** Open the effects browser. */
  browse?(): void;
  /** Show LUT files beside an element; the path that is picked comes to `picked`. */
  pickLut?(anchor: HTMLElement, picked: (path: string) => void): void;
  /** Wait for a press on the picture. */
  pickPoint?(picked: (x: number, y: number) => void): void;
  /** Show the picture before and after an owner's effects, or one of them. */
  compare?(owner: string, number?: number): void;
  /** Save effects of a clip as a preset. */
  savePreset?(view: EffectsView, numbers: readonly number[]): void;
  /** Choose which attributes of a clip others get. */
  pasteAttributes?(): void;
  /** Keep the attributes of a clip for others. */
  copyAttributes?(view: EffectsView): void;
  canPaste?(): boolean;
}

export interface EffectsList {
  readonly element: HTMLElement;
  refresh(): void;
  update(): void;
  close(): void;
}

export function makeEffects(context: InspectorContext, host: EffectsHost): EffectsList {
  const { channel, playhead, drafts, ask } = context;
  let kinds: readonly KindView[] = [];
  let view: EffectsView | undefined;
  const title = h("h3", {});
  const list = h("div", { class: "tnb-effect-list" });
  const hint = h("p", { class: "tnb-hint" });
  const textButton = (label: string, press: () => void) =>
    h(
      "button",
      { type: "button", class: "tnb-text-button", on: { click: press } },
      label,
    );
  const add = textButton(t("Add effect…"), () => host.browse?.());
  const compare = textButton(t("Before / after"), () =>
    host.compare?.(view?.owner ?? ""),
  );
  const more = textButton(t("More"), () => {
    const box = more.getBoundingClientRect();
    menu({ clientX: box.left, clientY: box.bottom });
  });
  more.setAttribute("aria-haspopup", "menu");
  add.hidden = !host.browse;
  const cutIn = makeTransition(context, t("Transition in"), "in");
  const cutOut = makeTransition(context, t("Transition out"), "out");
  const element = h(
    "section",
    { class: "tnb-effects", "aria-label": t("Effects") },
    cutIn.element,
    cutOut.element,
    h("div", { class: "tnb-effects-head" }, title, compare, more),
    hint,
    list,
    add,
  );
  const menu = (at: { readonly clientX: number; readonly clientY: number }) => {
    const root = element.closest<HTMLElement>(".tnb") ?? element;
    const origin = root.getBoundingClientRect();
    const groups = menuGroups();
    openMenu(root, { x: at.clientX - origin.left, y: at.clientY - origin.top }, groups);
  };
  const menuGroups = (): Choice[][] => {
    const all = view?.effects ?? [];
    const own = all.filter((effect) => effect.owner === view?.owner);
    return [
      [
        {
          label: t("Save as preset…"),
          disabled: !own.length || !host.savePreset,
          pick: () => {
            if (view)
              host.savePreset?.(
                view,
                own.map((effect) => effect.number),
              );
          },
        },
        {
          label: t("Copy attributes"),
          disabled: !view?.owner || !host.copyAttributes,
          pick: () => {
            if (view) host.copyAttributes?.(view);
          },
        },
        {
          label: t("Paste attributes…"),
          disabled: !host.canPaste?.(),
          pick: () => host.pasteAttributes?.(),
        },
      ],
      [
        {
          label: t("Turn all effects off"),
          disabled: !all.some((effect) => effect.enabled),
          pick: () => enableAll(false),
        },
        {
          label: t("Turn all effects on"),
          disabled: !all.some((effect) => !effect.enabled),
          pick: () => enableAll(true),
        },
        {
          label: t("Remove all effects"),
          disabled: !all.length,
          pick: () => {
            for (const effect of [...all].reverse()) actions.remove(effect);
          },
        },
      ],
    ];
  };
  const enableAll = (enabled: boolean) => {
    for (const effect of view?.effects ?? [])
      if (effect.enabled !== enabled) actions.enable(effect, enabled);
  };
  const target = ({ owner, number, name: kind }: EffectView): Target => {
    const change = (parameter: string, value: unknown): DraftChange => ({
      kind: "changeEffect",
      owner,
      number,
      parameter,
      value: value as number,
      reset: false,
    });
    return {
      draft: (name, value) => drafts.show(change(name, value)),
      set: (name, value) => ask(change(name, value)),
      reset: (parameter) =>
        ask({ kind: "changeEffect", owner, number, parameter, reset: true }),
      cancel: () => drafts.cancel(),
      rate: context.rate,
      ...(host.pickLut && kind === "lut"
        ? {
            pickFile: (name: string, anchor: HTMLElement) =>
              host.pickLut?.(anchor, (path) => ask(change(name, path))),
          }
        : {}),
      ...(host.pickPoint ? { pickPoint: host.pickPoint } : {}),
    };
  };
  const actions: EffectActions = {
    enable: ({ owner, number }, enabled) =>
      ask({ kind: "changeEffect", owner, number, enabled, reset: false }),
    remove: ({ owner, number }) => ask({ kind: "removeEffect", owner, number }),
    reset: ({ owner, number }) =>
      ask({ kind: "changeEffect", owner, number, reset: true }),
    move: ({ owner, number }, place) => {
      const last =
        (view?.effects ?? []).filter((own) => own.owner === owner).length - 1;
      ask({ kind: "moveEffect", owner, number, place: Math.min(last, place) });
    },
    compare: ({ owner, number }) => host.compare?.(owner, number),
    menu: (_, event) => menu(event),
    target,
    key: ({ owner, number }, parameter, atS, clear = false) =>
      ask({ kind: "keyframeEffect", owner, number, parameter, atS, clear }),
    ease: ({ owner, number }, parameter, atS, easing) =>
      ask({
        kind: "easeKeyframe",
        owner,
        number,
        parameter,
        atS,
        interpolation: easing as "linear",
      }),
  };
  interface BoxRow extends Row<EffectView> {
    update(): void;
  }
  const boxes = new KeyedRows<EffectView, BoxRow>(list, {
    key: shapeOf,
    make: (now, effect) => {
      const box = makeEffectBox(effect, now, playhead, actions);
      const span = () => ({
        startS: view?.startS ?? 0,
        durationS: view?.durationS ?? 0,
      });
      return {
        ...box,
        show: (next) => box.show(next, span()),
        gone: () => abandonDrags(box.element),
      };
    },
  });
  const refresh = () => {
    if (!view) return;
    const { owner, owners, effects } = view;
    // The speed of a clip has its own group.
    const shown = owner ? effects.filter(({ name }) => name !== "speed") : effects;
    const isMany = owners.length > 0 && !owner;
    title.textContent = owners.length ? t("Effects") : t("Sequence effects");
    hint.textContent = isMany
      ? tn(
          "{count} clip is selected: what you add goes to it.",
          "{count} clips are selected: what you add goes to all of them.",
          owners.length,
        )
      : t("No effects yet.");
    hint.hidden = shown.length > 0;
    compare.hidden = !host.compare || !shown.length;
    cutIn.show(view.cutIn ?? undefined, kinds, view.media[0] ?? "picture");
    cutOut.show(view.cutOut ?? undefined, kinds, view.media[0] ?? "picture");
    boxes.show(shown);
  };
  channel.on("catalog", (answer) => {
    kinds = answer.kinds;
    refresh();
  });
  channel.on("effects", (answer) => {
    view = answer;
    refresh();
  });
  return {
    element,
    refresh,
    update: () => {
      for (const box of boxes.rows) box.update();
    },
    close: () => undefined,
  };
}
