/** A drag of a handle on the picture: what it changes so far. Pure. */

import type { StageLayer } from "../protocol";
import {
  angleOf,
  bounds,
  type Corners,
  center,
  distance,
  each,
  isStill,
  middleOf,
  moved,
  type Point,
  projectionTo,
  type Similarity,
  STILL,
  unmapped,
  unprojected,
} from "./geometry";
import { cropped, type Handle, type Mode, pinned } from "./handles";
import { type Lines, snap, snapScale } from "./snap";

type Crop = StageLayer["crop"];

/** What a drag asks for. */
export type Change =
  | { readonly kind: "place"; readonly by: Similarity }
  | { readonly kind: "crop"; readonly crop: Crop }
  | { readonly kind: "pin"; readonly pin: Corners };

export interface StageDrag {
  readonly layer: StageLayer;
  readonly mode: Mode;
  readonly handle: Handle;
  readonly from: Point;
  readonly change: Change;
  /** What is outlined now. */
  readonly corners: Corners;
  readonly guideX: number | undefined;
  readonly guideY: number | undefined;
}

export interface Modifiers {
  /** Turn by 15 degrees, move along one axis. */
  readonly shift: boolean;
  /** Scale from the center. */
  readonly alt: boolean;
  /** Do not snap. */
  readonly ctrl: boolean;
}

const TURN_STEP_DEG = 15;
const MIN_FACTOR = 0.01;
// What is cut off leaves this share.
const MIN_SHARE = 0.01;

export function startDrag(
  layer: StageLayer,
  mode: Mode,
  handle: Handle,
  from: Point,
): StageDrag {
  const change = unchanged(layer, mode);
  const corners = cornersOf(layer, mode, change);
  return {
    layer,
    mode,
    handle,
    from,
    change,
    corners,
    guideX: undefined,
    guideY: undefined,
  };
}

function unchanged(layer: StageLayer, mode: Mode): Change {
  if (mode === "crop") return { kind: "crop", crop: layer.crop };
  if (mode === "pin") return { kind: "pin", pin: layer.pin };
  return { kind: "place", by: STILL };
}

function cornersOf(layer: StageLayer, mode: Mode, change: Change): Corners {
  if (change.kind === "place") {
    return each(layer.corners, (point) => moved(change.by, point));
  }
  if (change.kind === "crop") return cropped(layer, change.crop);
  return mode === "pin" ? pinned({ ...layer, pin: change.pin }) : layer.corners;
}

/** Whether a drag has changed anything. */
export function hasChanged({ layer, change }: StageDrag): boolean {
  if (change.kind === "place") return !isStill(change.by);
  const before = change.kind === "crop" ? layer.crop : layer.pin;
  const now = change.kind === "crop" ? change.crop : change.pin;
  return JSON.stringify(before) !== JSON.stringify(now);
}

/** The drag once the pointer is at a point. */
export function dragTo(
  drag: StageDrag,
  to: Point,
  { shift, alt, ctrl }: Modifiers,
  lines: Lines,
  reachPx: number,
): StageDrag {
  const reach = ctrl ? -1 : reachPx;
  if (drag.mode === "crop") return withChange(drag, cropTo(drag, to, lines, reach));
  if (drag.mode === "pin") return withChange(drag, pinTo(drag, to, lines, reach));
  const { handle } = drag;
  if (handle.kind === "rotate") return withChange(drag, turnTo(drag, to, shift));
  if (handle.kind === "corner") {
    const scaled = scaleTo(drag, handle.number, to, alt, lines, reach);
    return withChange(drag, scaled);
  }
  return withChange(drag, moveTo(drag, to, shift, lines, reach));
}

interface NewChange {
  readonly change: Change;
  readonly guideX?: number | undefined;
  readonly guideY?: number | undefined;
}

function withChange(drag: StageDrag, { change, guideX, guideY }: NewChange): StageDrag {
  const corners = cornersOf(drag.layer, drag.mode, change);
  return { ...drag, change, corners, guideX, guideY };
}

function moveTo(
  { layer, from }: StageDrag,
  to: Point,
  isStraight: boolean,
  lines: Lines,
  reach: number,
): NewChange {
  let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  if (isStraight && Math.abs(dx) >= Math.abs(dy)) dy = 0;
  else if (isStraight) dx = 0;
  const corners = each(layer.corners, ([x, y]) => [x + dx, y + dy]);
  const [left, top, right, bottom] = bounds(corners);
  const middle = middleOf([left, top], [right, bottom]);
  const found = snap(lines, [[left, top], middle, [right, bottom]], reach);
  // What moves along one axis does not leave it.
  const across = isStraight && dx === 0 ? 0 : found.dx;
  const down = isStraight && dy === 0 ? 0 : found.dy;
  const by = { ...STILL, dx: dx + across, dy: dy + down };
  return {
    change: { kind: "place", by },
    guideX: across === found.dx ? found.x : undefined,
    guideY: down === found.dy ? found.y : undefined,
  };
}

function turnTo({ layer, from }: StageDrag, to: Point, isStepped: boolean): NewChange {
  const about = layer.type === "clip" ? layer.place : center(layer.corners);
  let turnDeg = angleOf(about, to) - angleOf(about, from);
  turnDeg -= Math.round(turnDeg / 360) * 360;
  if (isStepped) {
    const whole = layer.rotationDeg + turnDeg;
    turnDeg = Math.round(whole / TURN_STEP_DEG) * TURN_STEP_DEG - layer.rotationDeg;
  } else {
    turnDeg = Math.round(turnDeg * 10) / 10;
  }
  return { change: { kind: "place", by: { ...STILL, turnDeg, about } } };
}

function scaleTo(
  { layer }: StageDrag,
  number: 0 | 1 | 2 | 3,
  to: Point,
  fromCenter: boolean,
  lines: Lines,
  reach: number,
): NewChange {
  const corner = layer.corners[number];
  const opposite = layer.corners[((number + 2) % 4) as 0 | 1 | 2 | 3];
  const about = fromCenter ? center(layer.corners) : opposite;
  // The pointer's way along the diagonal counts.
  const way = [corner[0] - about[0], corner[1] - about[1]] as const;
  const long = distance(corner, about) ** 2 || 1;
  const along = ((to[0] - about[0]) * way[0] + (to[1] - about[1]) * way[1]) / long;
  const free = Math.max(MIN_FACTOR, along);
  const moving = layer.corners.filter((point) => point !== about);
  const { factor, x, y } = snapScale(lines, moving, about, free, reach);
  const by = { ...STILL, factor, about };
  return { change: { kind: "place", by }, guideX: x, guideY: y };
}

function cropTo(drag: StageDrag, to: Point, lines: Lines, reach: number): NewChange {
  const { layer, handle, from } = drag;
  const whole = projectionTo(pinned(layer));
  const found = snap(lines, [to], reach);
  const at = unprojected(whole, [to[0] + found.dx, to[1] + found.dy]);
  const [left, top, right, bottom] = layer.crop;
  if (handle.kind === "move") {
    const start = unprojected(whole, from);
    const by = [at[0] - start[0], at[1] - start[1]] as const;
    const dx = Math.max(-left, Math.min(right, by[0]));
    const dy = Math.max(-top, Math.min(bottom, by[1]));
    return {
      change: { kind: "crop", crop: [left + dx, top + dy, right - dx, bottom - dy] },
    };
  }
  const sides = sidesOf(handle);
  const crop: [number, number, number, number] = [left, top, right, bottom];
  if (sides.has(0)) crop[0] = within(at[0], 1 - right);
  if (sides.has(1)) crop[1] = within(at[1], 1 - bottom);
  if (sides.has(2)) crop[2] = within(1 - at[0], 1 - left);
  if (sides.has(3)) crop[3] = within(1 - at[1], 1 - top);
  return { change: { kind: "crop", crop }, guideX: found.x, guideY: found.y };
}

function within(share: number, most: number): number {
  return Math.min(Math.max(0, share), Math.max(0, most - MIN_SHARE));
}

/** The sides that a handle moves: left 0, top 1, right 2, bottom 3. */
function sidesOf(handle: Handle): ReadonlySet<number> {
  if (handle.kind === "edge") return new Set([[1], [2], [3], [0]][handle.number]);
  if (handle.kind !== "corner") return new Set();
  return new Set(
    [
      [0, 1],
      [2, 1],
      [2, 3],
      [0, 3],
    ][handle.number],
  );
}

function pinTo(drag: StageDrag, to: Point, lines: Lines, reach: number): NewChange {
  const { layer, handle, from } = drag;
  const by: Point = [to[0] - from[0], to[1] - from[1]];
  const all = pinned(layer);
  const taken = handle.kind === "corner" ? [all[handle.number]] : [...all];
  const goals = taken.map(([x, y]): Point => [x + by[0], y + by[1]]);
  const found = snap(lines, goals, reach);
  const shift: Point = [by[0] + found.dx, by[1] + found.dy];
  const pin = layer.pin.map((share, number) => {
    if (handle.kind === "corner" && handle.number !== number) return share;
    const [x, y] = all[number as 0 | 1 | 2 | 3];
    return unmapped(layer.matrix, [x + shift[0], y + shift[1]]) ?? share;
  }) as unknown as Corners;
  return { change: { kind: "pin", pin }, guideX: found.x, guideY: found.y };
}
