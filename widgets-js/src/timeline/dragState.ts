/** What a drag on the timeline's clips is, and what it would do. */

import type { RequestBody } from "../channel";
import type { DropPlace } from "../mediaDrag";
import type { DragPlan } from "../protocol";
import type { Scale } from "./geometry";
import type { Timeline } from "./model";

export type Tool = "select" | "blade" | "ripple" | "roll" | "slip" | "slide";

/** What of an item is under the pointer. */
export type Zone =
  | "body"
  | "head"
  | "tail"
  | "transition"
  | "transitionHead"
  | "transitionTail"
  | "fadeIn"
  | "fadeOut"
  | "keyframe"
  | "keyMark"
  | "curve"
  | "empty"
  | "ruler";

export interface Hit {
  readonly zone: Zone;
  readonly row: number;
  readonly item: number;
  readonly seconds: number;
  /** The number of a keyframe, or of a mark of keyframes. */
  readonly key?: number;
}

/** A keyframe where it is dragged to. */
export interface DraggedKey {
  readonly atS: number;
  readonly value: number;
}

/** An item where a drag would place it. */
export interface Ghost {
  readonly row: number;
  readonly sourceRow: number;
  readonly item: number;
  readonly startS: number;
  readonly endS: number;
  readonly mediaStartS: number;
  /** In place of the clip's own, where they are dragged. */
  readonly fadeInS?: number;
  readonly fadeOutS?: number;
  readonly keys?: readonly DraggedKey[];
  readonly marks?: readonly number[];
  /** The value of a clip without keyframes. */
  readonly level?: number;
}

/** The items of a row from a time on, which move along. */
export interface Push {
  readonly row: number;
  readonly fromS: number;
  readonly byS: number;
}

/** A frame of the trim view: a media second of an item. */
export interface TrimFrame {
  readonly item: string;
  readonly mediaS: number;
  readonly label: string;
}

/** A transition where it is dragged to. */
export interface Bridge {
  readonly row: number;
  readonly item: number;
  readonly startS: number;
  readonly endS: number;
}

export interface Drag {
  /** The number of the gesture. */
  readonly press: number;
  readonly hit: Hit;
  readonly tool: Tool;
  readonly items: readonly string[];
  /** Whether what is linked to the items stays. */
  readonly alone: boolean;
  readonly ghosts: readonly Ghost[];
  readonly pushes: readonly Push[];
  readonly bridge: Bridge | undefined;
  /** Left and right in the trim view; undefined where there is nothing. */
  readonly frames: readonly (TrimFrame | undefined)[];
  readonly snapS: number | undefined;
  readonly request: RequestBody | undefined;
  /** The lines at the pointer, the first one large. */
  readonly numbers: readonly string[];
  /** Whether the items stay visible where they were. */
  readonly leavesTrace: boolean;
  /** Whether the media or a neighbor holds it back. */
  readonly isHeld: boolean;
  /** What the kernel says it would change, as of a moment ago. */
  readonly plan: DragPlan | undefined;
  /** Why the kernel would refuse it. */
  readonly problem: string;
}

/** Media over the timeline, before it is dropped. */
export interface Drop extends DropPlace {
  readonly snapS: number | undefined;
  readonly plan: DragPlan | undefined;
  readonly problem: string;
}

export interface Pointer {
  readonly seconds: number;
  readonly y: number;
  readonly snaps: boolean;
  /** Only the side that is dragged, of a transition. */
  readonly onlySide?: boolean;
}

export interface DragContext {
  readonly timeline: Timeline;
  readonly scale: Scale;
  readonly tops: readonly number[];
  readonly playheadS: number;
}

export const SNAP_PX = 9;

/** A drag that has not moved yet. */
export function startDrag(
  hit: Hit,
  tool: Tool,
  items: readonly string[],
  alone = false,
): Drag {
  return { ...IDLE, hit, tool, items, alone };
}

const IDLE = {
  press: 0,
  ghosts: [],
  pushes: [],
  bridge: undefined,
  frames: [],
  snapS: undefined,
  request: undefined,
  numbers: [],
  leavesTrace: false,
  isHeld: false,
  plan: undefined,
  problem: "",
} as const;
