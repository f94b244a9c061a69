/** The pointer's shape over the timeline, by tool and by what lies under it. */

import type { Tool } from "./dragState";
import type { Zone } from "./hit";

/** A cursor drawn dark with a light rim, so that it is seen on any clip. */
function drawn(path: string, fallback: string): string {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" fill="none" ` +
    `stroke-linecap="round" stroke-linejoin="round">` +
    `<path d="${path}" stroke="white" stroke-width="4.5"/>` +
    `<path d="${path}" stroke="black" stroke-width="2"/></svg>`;
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}") 12 12, ${fallback}`;
}

const HEAD = drawn("M12 4H8v16h4M16 12h5m-2.500-2.500L21 12l-2.500 2.500", "w-resize");
const TAIL = drawn("M12 4h4v16h-4M8 12H3m2.500-2.500L3 12l2.500 2.500", "e-resize");
const RIPPLE_HEAD = drawn("M10 4H7v16h3M12 12h9m-3-3l3 3-3 3M14 7v10", "w-resize");
const RIPPLE_TAIL = drawn("M14 4h3v16h-3M12 12H3m3-3l-3 3 3 3M10 7v10", "e-resize");
const ROLL = drawn(
  "M10.500 4v16M13.500 4v16M7 12H2m2-2l-2 2 2 2M17 12h5m-2-2l2 2-2 2",
  "col-resize",
);
const SLIP = drawn(
  "M3 6v12M21 6v12M7 12h10M9.500 9.500L7 12l2.500 2.500M14.500 9.500L17 12l-2.500 2.500",
  "ew-resize",
);
const SLIDE = drawn(
  "M9 6h6v12H9zM6 12H2m2-2l-2 2 2 2M18 12h4m-2-2l2 2-2 2",
  "ew-resize",
);
const BLADE = drawn("M12 3v18M8.500 3h7M8.500 21h7", "text");

const BY_ZONE: Readonly<Record<Zone, string>> = {
  head: HEAD,
  tail: TAIL,
  body: "grab",
  transition: "grab",
  transitionHead: TAIL,
  transitionTail: HEAD,
  fadeIn: "ew-resize",
  fadeOut: "ew-resize",
  keyframe: "move",
  keyMark: "ew-resize",
  curve: "ns-resize",
  empty: "default",
  ruler: "col-resize",
};

export function cursorOf(tool: Tool, zone: Zone, isPressed: boolean): string {
  if (zone === "ruler") return BY_ZONE.ruler;
  if (zone === "empty") return tool === "blade" ? BLADE : "default";
  if (tool === "blade") return BLADE;
  if (tool === "slip") return SLIP;
  if (tool === "slide") return SLIDE;
  const isEdge = zone === "head" || zone === "tail";
  if (tool === "roll") return isEdge ? ROLL : "default";
  if (tool === "ripple") {
    if (!isEdge) return "default";
    return zone === "head" ? RIPPLE_HEAD : RIPPLE_TAIL;
  }
  return isPressed && BY_ZONE[zone] === "grab" ? "grabbing" : BY_ZONE[zone];
}
