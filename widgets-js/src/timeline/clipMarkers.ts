/** Draw the markers of clips, on the bars with their names. */

import { rowHeight, toPx } from "./geometry";
import { markerCss } from "./markerColors";
import type { Painter } from "./scene";

const HALF_PX = 4;
const TALL_PX = 9;

export function drawClipMarkers({ context, scene, palette }: Painter): void {
  for (const [row, track] of scene.timeline.tracks.entries()) {
    const top = scene.tops[row] ?? 0;
    if (top + rowHeight(track) < scene.scrollPx) continue;
    if (top > scene.scrollPx + scene.height) break;
    for (const marker of track.markers) {
      const x = toPx(scene.scale, marker.startS);
      if (x < -HALF_PX || x > scene.width + HALF_PX) continue;
      context.beginPath();
      context.moveTo(x - HALF_PX, top + 1);
      context.lineTo(x + HALF_PX, top + 1);
      context.lineTo(x, top + 1 + TALL_PX);
      context.closePath();
      context.fillStyle = markerCss(marker.color);
      context.fill();
      // Seen on the clip's own color as well.
      context.strokeStyle = palette.background;
      context.lineWidth = 1;
      context.stroke();
    }
  }
}
