import { expect, it } from "vitest";
import type { BinItem } from "../protocol";
import { keyOf } from "./rows";

it("a row stays when its picture has another place in the message, and no more", () => {
  const item = (more: Partial<BinItem>): BinItem => ({
    path: "/films/buffer.mp4",
    name: "buffer",
    folder: "/films",
    kind: "video",
    durationS: 4,
    rate: "25",
    size: "160×90",
    hasSound: true,
    buffer: 1,
    fingerprint: "f1",
    isOffline: false,
    ...more,
  });
  const key = (more: Partial<BinItem>, uses = 0) =>
    keyOf({ item: item(more), picture: "blob:1", uses, inBin: false });
  expect(key({ buffer: 0 })).toBe(key({ buffer: 7 }));
  expect(key({}, 1)).not.toBe(key({}));
  expect(key({ name: "other" })).not.toBe(key({}));
});
