/** Draw what a drag or a drop would change: what moves along, and what is lost. */

import { t } from "../i18n";
import type { DragPlan } from "../protocol";
import { drawNewClip } from "./clips";
import type { Ghost, Push } from "./dragState";
import { rowHeight, toPx } from "./geometry";
import { placeOf, type Track } from "./model";
import { passing } from "./ramps";
import { GAP_PX } from "./rows";
import type { Painter, Rect, Scene } from "./scene";

const NEW_ROW_PX = 46;
const HATCH_PX = 7;
const LOST_PX = 11;
const LOST = "#ff5c61";

/** What moves along in each row, by its number. */
export function pushesOf(scene: Scene): ReadonlyMap<number, Push> {
  const { drag, drop, timeline } = scene;
  const plan = drag?.plan ?? drop?.plan;
  const found = new Map<number, Push>();
  const [own] = drag?.pushes ?? [];
  const pushed = plan?.pushed ?? [];
  const name = own && timeline.tracks[own.row]?.name;
  const wholeS = pushed.find(({ track }) => track === name)?.byS;
  for (const { track, fromS, byS } of pushed) {
    const row = timeline.tracks.findIndex((other) => other.name === track);
    // The pointer is ahead of the plan: what moves as far as the dragged row does.
    const keeps = own && (wholeS === undefined || Math.abs(byS - wholeS) < 1e-6);
    const by = keeps ? own.byS : byS;
    if (row >= 0) found.set(row, { row, fromS, byS: by });
  }
  for (const push of drag?.pushes ?? []) found.set(push.row, push);
  return found;
}

/** Where items go that follow what is dragged, such as the sound of a picture. */
export function followingGhosts(scene: Scene): Ghost[] {
  const { drag, timeline } = scene;
  const plan = drag?.plan;
  if (!drag || !plan || drag.request?.kind === "slip") return [];
  const shown = new Set(drag.ghosts.map((ghost) => `${ghost.sourceRow} ${ghost.item}`));
  return plan.placed.flatMap((placed) => {
    const place = placed.id ? placeOf(timeline, placed.id) : undefined;
    if (!place || shown.has(`${place.row} ${place.item}`)) return [];
    const row = timeline.tracks.findIndex((own) => own.name === placed.track);
    const { startS, endS, mediaStartS } = placed;
    const ghost = { row, sourceRow: place.row, item: place.item };
    return [{ ...ghost, startS, endS, mediaStartS }];
  });
}

/** Hatch what would be overwritten. */
export function drawLost(painter: Painter, plan: DragPlan | undefined): void {
  const { context, scene } = painter;
  for (const { track, startS, endS } of plan?.lost ?? []) {
    const row = scene.timeline.tracks.findIndex((own) => own.name === track);
    const own = scene.timeline.tracks[row];
    if (!own) continue;
    const left = toPx(scene.scale, startS);
    const width = toPx(scene.scale, endS) - left;
    // Along the bottom, so that what comes in its place is seen as well.
    const top = (scene.tops[row] ?? 0) + rowHeight(own) - LOST_PX;
    const rect = { left, top, width, height: LOST_PX };
    drawHatch(context, rect, scene.width);
  }
}

function drawHatch(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Rect,
  viewPx: number,
): void {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.fillStyle = "rgba(48, 6, 8, 0.92)";
  context.fillRect(left, top, width, height);
  context.strokeStyle = LOST;
  context.lineWidth = 1.5;
  context.beginPath();
  const first = Math.max(left, 0) - height;
  for (let x = first; x < Math.min(left + width, viewPx); x += HATCH_PX) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.lineWidth = 2;
  context.strokeRect(left, top, width, height);
  context.restore();
}

/** Draw media where it would lie once it is dropped. */
export function drawDrop(painter: Painter): void {
  const { scene } = painter;
  const { drop, timeline } = scene;
  if (!drop) return;
  let newTop = scene.tops.at(-1) ?? 0;
  for (const placed of drop.plan?.placed ?? []) {
    const row = timeline.tracks.findIndex((own) => own.name === placed.track);
    const track = timeline.tracks[row];
    const left = toPx(scene.scale, placed.startS);
    const width = Math.max(2, toPx(scene.scale, placed.endS) - left);
    const rect = track
      ? { left, top: scene.tops[row] ?? 0, width, height: rowHeight(track) }
      : { left, top: newTop, width, height: NEW_ROW_PX };
    if (!track) newTop += NEW_ROW_PX + GAP_PX;
    drawNewClip(painter, typeOf(track, placed.track), nameOf(track, placed), rect);
  }
  drawLost(painter, drop.plan);
}

function typeOf(track: Track | undefined, name: string): Track["type"] {
  return track?.type ?? (name.startsWith("A") ? "audio" : "video");
}

function nameOf(
  track: Track | undefined,
  placed: { readonly name: string; readonly track: string },
): string {
  if (track) return placed.name;
  return t("{name} on the new track {track}", placed);
}

/** The clip that a split of an insert leaves in two, if an item spans its time. */
export function splitAt(push: Push | undefined, track: Track, item: number): boolean {
  if (!push) return false;
  return track.start(item) < push.fromS - 1e-6 && track.end(item) > push.fromS + 1e-6;
}

/** An item as it lies, as two if an insert splits it, or shifted if it moves along. */
export function piecesOf(
  { drag }: Pick<Scene, "drag">,
  push: Push | undefined,
  track: Track,
  ghost: Ghost,
): readonly Ghost[] {
  if (!push) return [ghost];
  const { startS, endS, item } = ghost;
  if (startS >= push.fromS - 1e-6) {
    return [{ ...ghost, startS: startS + push.byS, endS: endS + push.byS }];
  }
  if (drag || !splitAt(push, track, item)) return [ghost];
  const rest = {
    ...ghost,
    startS: push.fromS + push.byS,
    endS: endS + push.byS,
    mediaStartS: passing(track, ghost)(push.fromS - startS),
  };
  return [{ ...ghost, endS: push.fromS }, rest];
}
