/** The numbers of a drag, at the pointer. Pure. */

import { t } from "../i18n";
import type { StageDrag } from "./drag";
import { moved } from "./geometry";

function whole(value: number): string {
  return String(Math.round(value));
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

/** What a drag has come to, in pixels, percent or degrees. */
export function labelOf({ layer, handle, change }: StageDrag): string {
  if (change.kind === "crop") {
    const [left, top, right, bottom] = change.crop.map(percent) as [
      string,
      string,
      string,
      string,
    ];
    return t("Left {left}%, top {top}%, right {right}%, bottom {bottom}%", {
      left,
      top,
      right,
      bottom,
    });
  }
  if (change.kind === "pin") {
    const number = handle.kind === "corner" ? handle.number : 0;
    const [x, y] = change.pin[number];
    return t("X {x}%, Y {y}%", { x: percent(x), y: percent(y) });
  }
  const { by } = change;
  if (handle.kind === "rotate") {
    return t("{angle}°", { angle: (layer.rotationDeg + by.turnDeg).toFixed(1) });
  }
  if (handle.kind === "corner" && layer.text) {
    return t("Size {size} px", { size: whole(layer.text.lettersPx * by.factor) });
  }
  if (handle.kind === "corner") {
    return t("Scale {scale}%", { scale: percent(layer.scale * by.factor) });
  }
  const [x, y] = moved(by, layer.place);
  return t("X {x} px, Y {y} px", { x: whole(x), y: whole(y) });
}
