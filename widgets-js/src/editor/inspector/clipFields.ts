/** The settings of the selected clips: which fields there are, and what they change. */

import { t } from "../../i18n";
import type { ClipDetails } from "../../protocol";

/** A field of clips, as the request that changes it names it. */
export type ClipField =
  | "x"
  | "y"
  | "scale"
  | "rotationDeg"
  | "opacity"
  | "gainDb"
  | "pan"
  | "fadeInS"
  | "fadeOutS";

export interface ClipSetting {
  readonly field: ClipField;
  readonly label: string;
  readonly spoken?: string;
  readonly unit: string;
  readonly factor?: number;
  readonly low?: number;
  readonly high?: number;
  readonly preset: number;
  /** The clip's own parameter that has keyframes. */
  readonly parameter?: string;
  readonly isTime?: boolean;
}

export const pictureSettings = (): readonly ClipSetting[] => [
  {
    field: "x",
    label: "X",
    spoken: t("Position X"),
    unit: "%",
    factor: 100,
    low: -10,
    high: 10,
    preset: 0.5,
    parameter: "position",
  },
  {
    field: "y",
    label: "Y",
    spoken: t("Position Y"),
    unit: "%",
    factor: 100,
    low: -10,
    high: 10,
    preset: 0.5,
    parameter: "position",
  },
  {
    field: "scale",
    label: t("Scale"),
    unit: "%",
    factor: 100,
    low: 0.01,
    high: 20,
    preset: 1,
    parameter: "scale",
  },
  {
    field: "rotationDeg",
    label: t("Rotation"),
    unit: "°",
    low: -3600,
    high: 3600,
    preset: 0,
    parameter: "rotation_deg",
  },
];

export const opacitySetting = (): ClipSetting => ({
  field: "opacity",
  label: t("Opacity"),
  unit: "%",
  factor: 100,
  low: 0,
  high: 1,
  preset: 1,
  parameter: "opacity",
});

export const soundSettings = (): readonly ClipSetting[] => [
  {
    field: "gainDb",
    label: t("Gain"),
    unit: "dB",
    low: -96,
    high: 24,
    preset: 0,
    parameter: "gain_db",
  },
  {
    field: "pan",
    label: t("Pan"),
    unit: "",
    low: -1,
    high: 1,
    preset: 0,
    parameter: "pan",
  },
];

export const fadeSettings = (): readonly ClipSetting[] => [
  { field: "fadeInS", label: t("Fade in"), unit: "", low: 0, preset: 0, isTime: true },
  {
    field: "fadeOutS",
    label: t("Fade out"),
    unit: "",
    low: 0,
    preset: 0,
    isTime: true,
  },
];

/** The value that all clips share; undefined where they differ. */
export function sharedValue<K extends keyof ClipDetails>(
  clips: readonly ClipDetails[],
  field: K,
): ClipDetails[K] | undefined {
  const [first] = clips;
  if (!first) return undefined;
  const isSame = clips.every((clip) => clip[field] === first[field]);
  return isSame ? first[field] : undefined;
}
