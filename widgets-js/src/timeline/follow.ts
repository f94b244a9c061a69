/** Keep the playhead in view: by pages, in the middle, or not while it plays. Pure. */

import { pan, type Scale, toPx } from "./geometry";

export type Follow = "page" | "smooth" | "off";

interface View {
  readonly widthPx: number;
  readonly durationS: number;
}

/** Where a new page puts the playhead, of the view's width. */
const PAGE_SHARE = 0.05;

/** The scale after the playhead has gone to a time; the same one where it stays. */
export function followed(
  scale: Scale,
  atS: number,
  view: View,
  follow: Follow,
  isPlaying: boolean,
): Scale {
  const x = toPx(scale, atS);
  const { widthPx, durationS } = view;
  const to = (share: number) => pan(scale, x - widthPx * share, durationS, widthPx);
  if (isPlaying && follow === "smooth") return kept(scale, to(0.5));
  if (x >= 0 && x <= widthPx) return scale;
  // A jump is followed in any case: someone wants to be there.
  if (!isPlaying) return kept(scale, to(0.5));
  return follow === "off" ? scale : kept(scale, to(PAGE_SHARE));
}

function kept(before: Scale, after: Scale): Scale {
  return after.originS === before.originS ? before : after;
}
