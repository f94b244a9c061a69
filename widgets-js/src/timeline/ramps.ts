/** Which media a clip shows while its speed changes. Pure. */

import type { Ghost } from "./dragState";
import type { Track } from "./model";

/** The media second of a clip, drawn where it is or would be, by seconds from there. */
export function passing(track: Track, ghost: Ghost): (seconds: number) => number {
  const { item, mediaStartS } = ghost;
  const ramp = track.ramp(item);
  if (!ramp) {
    const rate = track.rate(item);
    return (seconds) => mediaStartS + seconds * rate;
  }
  const share = ramp.shareOf(mediaStartS);
  const lengthS = track.end(item) - track.start(item);
  return (seconds) => ramp.at(share + seconds / lengthS);
}
