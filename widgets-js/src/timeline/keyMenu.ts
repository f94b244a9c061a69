/** The menu of a keyframe on a clip. */

import { t } from "../i18n";
import type { MenuGroups } from "../ui/menu";
import type { Actions } from "./actions";
import { keysOf, parameterOf } from "./curves";
import type { Hit } from "./hit";

type Interpolation =
  | "linear"
  | "hold"
  | "ease"
  | "ease_in"
  | "ease_out"
  | "ease_in_out";

export function keyChoices(actions: Actions, found: Hit): MenuGroups {
  const track = actions.state.timeline.tracks[found.row];
  const parameter = track && parameterOf(track);
  if (!track || !parameter) return [];
  const item = track.ids[found.item] ?? "";
  const key = keysOf(track.curve(found.item, parameter))[found.key ?? 0];
  if (!key) return [];
  const { atS } = key;
  const bend = (label: string, interpolation: Interpolation) => ({
    label,
    checked: key.interpolation === interpolation,
    pick: () =>
      actions.request({
        kind: "setInterpolation",
        item,
        parameter,
        atS,
        interpolation,
      }),
  });
  return [
    [
      bend(t("Linear"), "linear"),
      bend(t("Hold"), "hold"),
      bend(t("Ease in"), "ease_in"),
      bend(t("Ease out"), "ease_out"),
      bend(t("Ease in and out"), "ease_in_out"),
    ],
    [
      {
        label: t("Remove the keyframe: {name}", {
          name: parameter === "opacity" ? t("Opacity") : t("Gain"),
        }),
        pick: () => actions.request({ kind: "removeKeyframe", item, parameter, atS }),
      },
    ],
  ];
}
