/** A drag in progress: what it would do, as ghosts and as a request. Pure. */

import type { RequestBody } from "../channel";
import { onFrame } from "../time";
import { dragFade, dragKey, dragLevel, dragMark } from "./clipDrag";
import {
  type Drag,
  type DragContext,
  type Ghost,
  type Pointer,
  SNAP_PX,
} from "./dragState";
import { rowAt } from "./geometry";
import { placeOf } from "./model";
import { formatPlace, formatShift } from "./numbers";
import { snapShift } from "./snap";
import { dragTransition } from "./transitionDrag";
import { slideItem, slipItem, trimItem } from "./trims";

/** The drag after its pointer has moved. */
export function updateDrag(drag: Drag, to: Pointer, context: DragContext): Drag {
  const { hit, tool } = drag;
  switch (hit.zone) {
    case "transition":
    case "transitionHead":
    case "transitionTail":
      return dragTransition(drag, to, context);
    case "fadeIn":
    case "fadeOut":
      return dragFade(drag, to, context);
    case "keyframe":
      return dragKey(drag, to, context);
    case "keyMark":
      return dragMark(drag, to, context);
    case "curve":
      return dragLevel(drag, to, context);
    case "head":
    case "tail":
      if (tool === "select" || tool === "ripple" || tool === "roll")
        return trimItem(drag, to, context, hit.zone);
  }
  if (tool === "slip") return slipItem(drag, to, context);
  if (tool === "slide") return slideItem(drag, to, context);
  if (tool === "select") return moveItems(drag, to, context);
  return drag;
}

function moveItems(drag: Drag, to: Pointer, context: DragContext): Drag {
  const { timeline, scale, tops, playheadS } = context;
  const own = timeline.tracks[drag.hit.row];
  if (!own) return drag;
  const moving = new Set(drag.items);
  const places = drag.items.flatMap((id) => placeOf(timeline, id) ?? []);
  const start = own.start(drag.hit.item);
  let by = to.seconds - drag.hit.seconds;
  const times = places.flatMap(({ row, item }) => {
    const track = timeline.tracks[row];
    return track ? [track.start(item) + by, track.end(item) + by] : [];
  });
  const reach = SNAP_PX / scale.pxPerS;
  const snap = to.snaps
    ? snapShift(timeline, times, reach, [0, playheadS], moving)
    : { shiftS: 0, atS: undefined };
  by =
    snap.atS === undefined
      ? onFrame(start + by, timeline.rate) - start
      : by + snap.shiftS;
  const first = Math.min(
    ...places.map((p) => timeline.tracks[p.row]?.start(p.item) ?? 0),
  );
  by = Math.max(by, -first);
  const over = rowAt(tops, to.y);
  const target = timeline.tracks[over];
  const rows = target && target.type === own.type ? over - drag.hit.row : 0;
  const ghosts = places.map(({ row, item }): Ghost => {
    const track = timeline.tracks[row];
    const goes = track?.type === own.type ? row + rows : row;
    return {
      row: goes,
      sourceRow: row,
      item,
      startS: (track?.start(item) ?? 0) + by,
      endS: (track?.end(item) ?? 0) + by,
      mediaStartS: track?.mediaStart(item) ?? 0,
    };
  });
  const anchor = own.ids[drag.hit.item] ?? "";
  // Rows are counted down the screen, the kernel's tracks up.
  const request: RequestBody = {
    kind: "move",
    items: drag.items,
    anchor,
    toS: start + by,
    up: -rows || 0,
    alone: drag.alone,
  };
  const stays = !rows && Math.abs(by) < 1e-9;
  const { rate } = timeline;
  const name = rows ? (target?.name ?? "") : "";
  return {
    ...drag,
    ghosts,
    leavesTrace: true,
    snapS: snap.atS,
    request: stays ? undefined : request,
    numbers: [formatShift(by, rate), formatPlace(start + by, rate), name],
  };
}
