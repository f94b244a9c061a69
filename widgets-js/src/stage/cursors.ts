/** The cursor over a handle. Pure. */

import type { StageLayer } from "../protocol";
import { angleOf, center } from "./geometry";
import { type Handle, handlesOf, type Mode, outline } from "./handles";

// By the direction that a handle is pulled to, in steps of 45 degrees from the right.
const RESIZE = ["ew-resize", "nwse-resize", "ns-resize", "nesw-resize"] as const;

export function cursorOf(
  layer: StageLayer,
  mode: Mode,
  handle: Handle | undefined,
  isTextLayer: boolean,
): string {
  if (!handle) return "default";
  if (handle.kind === "move") return isTextLayer ? "move" : "grab";
  if (handle.kind === "rotate") return "alias";
  if (mode === "pin") return "crosshair";
  const placed = handlesOf(layer, mode, 1, [0, 0]).find(
    ({ handle: { kind, ...rest } }) =>
      kind === handle.kind && "number" in rest && rest.number === handle.number,
  );
  if (!placed) return "default";
  const angle = angleOf(center(outline(layer, mode)), placed.at);
  return RESIZE[(Math.round(angle / 45) + 8) % 4] ?? "default";
}
