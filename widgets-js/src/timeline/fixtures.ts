/** Timelines for tests. */

import { type Timeline, Track } from "./model";

type Row = readonly [
  start: number,
  end: number,
  kind?: number,
  mediaStart?: number,
  link?: number,
];

/** A track whose items are named by the track and their number. */
export function track(
  name: string,
  rows: readonly Row[],
  type: Track["type"] = "video",
): Track {
  const columns = rows.flatMap(([start, end, kind = 0, mediaStart = 10, link = 0]) => [
    start,
    end,
    kind,
    0,
    mediaStart,
    0,
    0,
    link,
    1,
    0,
    // Media of a minute.
    mediaStart,
    60 - mediaStart - (end - start),
    1,
    0,
  ]);
  const ids = rows.map((row, n) => (row[2] === 1 ? "" : `${name}-${n}`));
  return new Track(name, type, true, false, 0, new Float64Array(columns), ids, ids);
}

export function timeline(...tracks: Track[]): Timeline {
  return {
    name: "walk",
    path: ["walk"],
    rate: { num: 25, den: 1 },
    durationS: Math.max(0, ...tracks.map((one) => one.end(one.count - 1))),
    tracks,
    markers: [],
    media: [
      {
        name: "street.mp4",
        path: "street.mp4",
        durationS: 60,
        hasPictures: true,
        hasSound: false,
        isOnline: true,
        version: 0,
        isTimeline: false,
      },
    ],
  };
}
