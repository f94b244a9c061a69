import { describe, expect, it } from "vitest";
import type { BinItem } from "../protocol";
import {
  details,
  durationText,
  folderName,
  type ListOptions,
  sectionsOf,
} from "./list";

const item = (name: string, more: Partial<BinItem> = {}): BinItem => ({
  path: `/films/${name}`,
  name,
  folder: "/films",
  kind: "video",
  durationS: 10,
  rate: "25",
  size: "640×360",
  hasSound: true,
  buffer: -1,
  fingerprint: name,
  isOffline: false,
  ...more,
});
const options = (more: Partial<ListOptions> = {}): ListOptions => ({
  search: "",
  sort: "added",
  isDescending: false,
  byFolder: false,
  ...more,
});
const names = (items: BinItem[], more: Partial<ListOptions>, counts = {}) =>
  sectionsOf(items, counts, options(more)).map((section) =>
    section.items.map(({ name }) => name),
  );

describe("the media that a bin shows", () => {
  it("finds and sorts what is offline", () => {
    const some = [item("a.mp4"), item("b.mp4", { isOffline: true })];
    expect(names(some, { search: "offline" })).toEqual([["b.mp4"]]);
    expect(names(some, { sort: "offline" })).toEqual([["b.mp4", "a.mp4"]]);
    expect(some.map(details)).toEqual([
      "0:10.0 · 640×360 · 25 fps",
      "Offline · 0:10.0 · 640×360 · 25 fps",
    ]);
  });

  const items = [
    item("clip 10.mp4", { durationS: 3 }),
    item("clip 9.mp4", { durationS: 1, folder: "/films/day 1" }),
    item("Café.wav", { durationS: 2, kind: "audio", folder: "/films/day 1" }),
  ];

  it("are found by every word, in any case and with or without accents", () => {
    expect(names(items, { search: "cafe" })).toEqual([["Café.wav"]]);
    expect(names(items, { search: "CLIP day" })).toEqual([["clip 9.mp4"]]);
    expect(names(items, { search: "audio" })).toEqual([["Café.wav"]]);
    expect(names(items, { search: "clip none" })).toEqual([]);
    // The é of another form of Unicode, as macOS names files.
    const foreign = item("Café.wav".normalize("NFD"));
    expect(names([foreign], { search: "café" })[0]).toHaveLength(1);
  });

  it("stand in the order of import, of names with numbers, of lengths and uses", () => {
    expect(names(items, {})[0]).toEqual(["clip 10.mp4", "clip 9.mp4", "Café.wav"]);
    expect(names(items, { isDescending: true })[0]?.[0]).toBe("Café.wav");
    const byName = ["Café.wav", "clip 9.mp4", "clip 10.mp4"];
    expect(names(items, { sort: "name" })[0]).toEqual(byName);
    const byLength = ["clip 9.mp4", "Café.wav", "clip 10.mp4"];
    expect(names(items, { sort: "duration" })[0]).toEqual(byLength);
    const counts = { "/films/clip 9.mp4": 3 };
    const used = { sort: "uses", isDescending: true } as const;
    expect(names(items, used, counts)[0]?.[0]).toBe("clip 9.mp4");
  });

  it("are in sections of their folders", () => {
    const sections = sectionsOf(items, {}, options({ byFolder: true }));
    const found = sections.map(({ folder, items: own }) => [folder, own.length]);
    expect(found).toEqual([
      ["/films", 1],
      ["/films/day 1", 2],
    ]);
    expect(folderName("/films/day 1")).toBe("day 1");
    expect(folderName("C:\\films\\day 2")).toBe("day 2");
  });

  it("are described by their length first", () => {
    expect(details(item("a", { durationS: 7.46 }))).toBe("0:07.5 · 640×360 · 25 fps");
    expect(durationText(59.96)).toBe("1:00.0");
    expect(durationText(3_750)).toBe("1:02:30");
    expect(details(item("a", { kind: "image", rate: "" }))).toBe(
      "Still picture · 640×360",
    );
  });
});

describe("bins of one's own", () => {
  const items = [item("b.mp4"), item("a.mp4"), item("c.wav", { kind: "audio" })];
  const bins = { Talks: ["a.mp4", "gone"], Music: ["c.wav"], Elsewhere: ["gone"] };

  it("come first, by name, with what is here of each", () => {
    const found = sectionsOf(items, {}, options({ bins }));
    expect(found.map(({ bin, items }) => [bin, items.map(({ name }) => name)])).toEqual(
      [
        ["Music", ["c.wav"]],
        ["Talks", ["a.mp4"]],
        ["", ["b.mp4"]],
      ],
    );
  });

  it("stay while they are new and empty, and are searched with the rest", () => {
    const kept = new Set(["Elsewhere"]);
    const named = (search: string) =>
      sectionsOf(items, {}, options({ bins, kept, search })).map(({ bin }) => bin);
    expect(named("")).toEqual(["Elsewhere", "Music", "Talks", ""]);
    expect(named("c.wav")).toEqual(["Music"]);
  });
});
