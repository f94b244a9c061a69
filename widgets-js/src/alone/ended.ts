/** Why a page lost its program: what the program said, or whether it still answers. */

import { t } from "../i18n";

/** How long a program that is there may take to answer. */
const PATIENCE_MS = 5000;

/**
 * What to tell the person. A program that cuts off a page that reads too slowly cannot
 * say so: its words would come behind all that the page has not read yet.
 */
export async function whyClosed(
  reason: string,
  isThere: () => Promise<boolean> = answers,
): Promise<string> {
  if (reason) return reason;
  return (await isThere())
    ? t("The page was cut off, such as while it read too slowly: reload it")
    : t("The program has ended or was restarted: reload the page");
}

/** Whether the program answers, whatever it answers. */
async function answers(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await fetch("/static/alone.js", { method: "HEAD", cache: "no-store", signal });
    return true;
  } catch {
    return false;
  }
}
