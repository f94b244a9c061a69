/** Where a render stands, and sizes and lengths of time, in words. Pure. */

import { language, t } from "../../i18n";
import type { RenderRow } from "../../protocol";

function unitText(value: number, unit: string, digits: number): string {
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

export function sizeText(bytes: number): string {
  if (bytes < 1e6) return unitText(Math.max(1, Math.round(bytes / 1e3)), "kilobyte", 0);
  if (bytes < 1e9) return unitText(bytes / 1e6, "megabyte", bytes < 1e7 ? 1 : 0);
  return unitText(bytes / 1e9, "gigabyte", 1);
}

/** A length of time, as exact as a person needs it. */
export function timeText(seconds: number): string {
  if (seconds < 10) return unitText(seconds, "second", seconds < 1 ? 1 : 0);
  if (seconds < 90) return unitText(Math.round(seconds), "second", 0);
  if (seconds < 5400) return unitText(Math.round(seconds / 60), "minute", 0);
  return unitText(seconds / 3600, "hour", 1);
}

/** Where a render stands, in words. */
export function statusText(row: RenderRow): string {
  const percent = new Intl.NumberFormat(language(), { style: "percent" }).format(
    row.fraction,
  );
  switch (row.status) {
    case "queued":
      return t("Waiting");
    case "preparing":
      return t("Preparing");
    case "paused":
      return t("Paused at {percent}", { percent });
    case "completed":
      return sizeText(row.sizeBytes);
    case "cancelled":
      return t("Canceled");
    case "failed":
      return t("Failed");
    default:
      return row.remainingS === null
        ? percent
        : t("{percent}, {time} left", { percent, time: timeText(row.remainingS) });
  }
}
