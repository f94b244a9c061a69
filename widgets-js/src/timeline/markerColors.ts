/** The colors that markers have: OpenTimelineIO's, told apart from the playhead's. */

import { t } from "../i18n";

export interface MarkerColor {
  readonly name: string;
  /** What is drawn: at least 3:1 on light and dark backgrounds. */
  readonly css: string;
  label(): string;
}

export const MARKER_COLORS: readonly MarkerColor[] = [
  { name: "green", css: "#2f9e5b", label: () => t("Green") },
  { name: "cyan", css: "#1897a6", label: () => t("Cyan") },
  { name: "blue", css: "#4c7fe0", label: () => t("Blue") },
  { name: "purple", css: "#9563d6", label: () => t("Purple") },
  { name: "magenta", css: "#c752b8", label: () => t("Magenta") },
  { name: "pink", css: "#d6648f", label: () => t("Pink") },
  { name: "red", css: "#b4584a", label: () => t("Red") },
  { name: "orange", css: "#cf7422", label: () => t("Orange") },
  { name: "yellow", css: "#a88a12", label: () => t("Yellow") },
  { name: "white", css: "#8b9199", label: () => t("Gray") },
];

const BY_NAME = new Map(MARKER_COLORS.map(({ name, css }) => [name, css]));
const OTHER = "#2f9e5b";

/** What a marker's color is drawn as: a known name, or any color of CSS. */
export function markerCss(color: string): string {
  const known = BY_NAME.get(color.toLowerCase());
  if (known) return known;
  return globalThis.CSS?.supports("color", color) ? color : OTHER;
}
