/** Speed of the selected clips: percent, reverse, ramp, a held frame. */

import { t } from "../../i18n";
import type { ClipDetails } from "../../protocol";
import { h, iconButton, setPressed } from "../../ui/dom";
import { ICONS } from "../../ui/icons";
import { sharedValue } from "./clipFields";
import type { InspectorContext } from "./context";
import { makeField } from "./field";
import { makeGroup } from "./group";
import { makeRamp, type RampPoint } from "./ramp";

const FREEZE_S = 2;
const RAMP_SPEED = 0.5;

/** How fast clips play, and how. */
type Pace = Pick<ClipDetails, "speed" | "keepPitch" | "blendFrames">;

export interface SpeedPanel {
  readonly element: HTMLElement;
  show(clips: readonly ClipDetails[]): void;
}

/** Two ends at full speed, and a slow middle: a start for dragging. */
export function startingRamp(clip: ClipDetails): RampPoint[] {
  const at = (share: number) => clip.startS + clip.durationS * share;
  const full = clip.speed || 1;
  return [
    [at(0), full],
    [at(0.35), full],
    [at(0.5), full * RAMP_SPEED],
    [at(0.65), full],
  ];
}

export function makeSpeed(context: InspectorContext): SpeedPanel {
  let clips: readonly ClipDetails[] = [];
  const items = () => clips.map((clip) => clip.id);
  const lead = () => clips.find((clip) => clip.hasPictures) ?? clips[0];
  // What was asked for and is not shown yet: the next change begins there.
  let asked: Pace | undefined;
  const pace = (): Pace => {
    const { speed = 1, keepPitch = true, blendFrames = false } = asked ?? lead() ?? {};
    return { speed, keepPitch, blendFrames };
  };
  const set = (changes: Partial<Pace>) => {
    const own = { ...pace(), ...changes };
    asked = own;
    context
      .ask({ kind: "retime", items: items(), alone: context.isAlone(), ...own })
      .finally(() => {
        if (asked === own) asked = undefined;
      });
  };
  const sign = () => (pace().speed < 0 ? -1 : 1);
  const percent = makeField({
    name: "speed",
    label: t("Speed"),
    unit: "%",
    factor: 100,
    low: 0.01,
    high: 100,
    preset: 1,
    set: (value) => set({ speed: value * sign() }),
  });
  const turn = () => set({ speed: -(pace().speed || 1) });
  const reverse = iconButton(REVERSE, t("Reverse"), turn, {
    class: "tnb-button tnb-small",
  });
  const pitch = switchRow(t("Keep the pitch"), (on) => set({ keepPitch: on }));
  const blend = switchRow(t("Blend frames"), (on) => set({ blendFrames: on }));
  const addTo = ({ id: item }: ClipDetails, points: readonly RampPoint[]) =>
    context.ask({ kind: "ramp", item, points, alone: context.isAlone() });
  const ramp = makeRamp(context, async (points) => {
    const clip = lead();
    if (clip) await addTo(clip, points);
  });
  const addRamp = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button",
      on: {
        click: () => {
          const clip = lead();
          if (clip) addTo(clip, startingRamp(clip));
        },
      },
    },
    t("Add a ramp"),
  );
  const removeRamp = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button",
      on: { click: () => set({ speed: 1 }) },
    },
    t("Remove the ramp"),
  );
  const freeze = h(
    "button",
    {
      type: "button",
      class: "tnb-text-button",
      title: t("Hold the frame at the playhead for two seconds"),
      on: {
        click: () => {
          const clip = lead();
          if (!clip) return;
          const atS = context.playhead.seconds;
          if (atS < clip.startS || atS >= clip.startS + clip.durationS) {
            context.notice.say(
              t("Move the playhead onto the clip to hold its frame."),
              "problem",
            );
            return;
          }
          context.ask({ kind: "freezeFrame", item: clip.id, atS, durationS: FREEZE_S });
        },
      },
    },
    t("Freeze frame"),
  );
  const group = makeGroup(
    "speed",
    t("Speed"),
    [
      iconButton(
        ICONS.undo,
        t("Reset {name}", { name: t("Speed") }),
        () => set({ speed: 1, keepPitch: true, blendFrames: false }),
        { class: "tnb-button tnb-small" },
      ),
    ],
    { collapsed: true },
  );
  const row = h(
    "div",
    { class: "tnb-param" },
    percent.element,
    h("span", { class: "tnb-keys" }, reverse),
  );
  group.body.append(
    row,
    ramp.element,
    pitch.element,
    blend.element,
    h("div", { class: "tnb-row" }, addRamp, removeRamp, freeze),
  );
  return {
    element: group.element,
    show: (next) => {
      if (next[0]?.id !== clips[0]?.id) asked = undefined;
      clips = next;
      const clip = lead();
      group.element.hidden = !clip;
      if (!clip) return;
      const isRamp = clip.ramp.length > 1;
      const speed = sharedValue(clips, "speed");
      row.hidden = isRamp;
      percent.show(speed === undefined ? undefined : Math.abs(speed));
      setPressed(reverse, clip.speed < 0);
      pitch.show(clip.keepPitch);
      blend.show(clip.blendFrames);
      pitch.element.hidden = blend.element.hidden = isRamp;
      removeRamp.hidden = !isRamp;
      addRamp.hidden = isRamp || clip.speed <= 0;
      ramp.show(isRamp ? clip : undefined);
    },
  };
}

const REVERSE = "M7 3v4l6-4v10L7 9v4L1 8z";

function switchRow(label: string, set: (on: boolean) => void) {
  const box = h("input", {
    type: "checkbox",
    class: "tnb-switch",
    role: "switch",
    "aria-label": label,
  });
  box.addEventListener("change", () => set(box.checked));
  return {
    element: h(
      "div",
      { class: "tnb-param" },
      h("span", { class: "tnb-name" }, label),
      box,
      h("span", { class: "tnb-keys" }),
    ),
    show: (on: boolean) => {
      box.checked = on;
    },
  };
}
