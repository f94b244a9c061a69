import { expect, test } from "vitest";
import type { ExportEstimate, ExportProfile, RenderRow } from "../../protocol";
import { sizeText, statusText, timeText } from "./status";
import {
  fitsEdit,
  folderLabel,
  joined,
  profileFacts,
  qualityWords,
  reusedText,
  withSuffix,
} from "./words";

const PLAIN: ExportProfile = {
  name: "",
  suffix: ".mp4",
  width: 0,
  height: 0,
  video: "h264",
  quality: 75,
  audio: "aac",
  loudnessLufs: null,
};
const HD = { width: 1920, height: 1080 };

function estimate(parts: Partial<ExportEstimate>): ExportEstimate {
  return {
    kind: "exportEstimate",
    id: 0,
    view: "",
    number: 1,
    isDone: true,
    problem: "",
    hindrances: [],
    durationS: 80,
    copiedS: 0,
    cachedS: 0,
    encodedS: 0,
    sizeBytes: null,
    timeS: null,
    ...parts,
  };
}

test("what is reused is told in seconds of the film", () => {
  expect(reusedText(estimate({ copiedS: 30, cachedS: 32 }))).toBe(
    "62 sec of 80 sec are reused",
  );
  expect(reusedText(estimate({ cachedS: 80 }))).toBe("All 80 sec are reused");
  expect(reusedText(estimate({ encodedS: 80 }))).toContain("Nothing");
});

test("sizes and times are as exact as a person needs them", () => {
  expect([sizeText(15_400), sizeText(2_340_000), sizeText(1.25e9)]).toEqual([
    "15 kB",
    "2.3 MB",
    "1.3 GB",
  ]);
  expect([timeText(0.42), timeText(75), timeText(600), timeText(7200)]).toEqual([
    "0.4 sec",
    "75 sec",
    "10 min",
    "2 hr",
  ]);
});

test("a profile is told by size, codec and quality", () => {
  const shorts = { ...PLAIN, width: 1080, height: 1920, loudnessLufs: -14 };
  expect(profileFacts(PLAIN, HD)).toEqual([
    "1920 × 1080",
    "MP4",
    "H.264",
    "High quality",
    "AAC",
  ]);
  expect(profileFacts(shorts, HD)).toContain("1080 × 1920");
  expect(profileFacts(shorts, HD)).toContain("-14 LUFS");
  expect(fitsEdit(shorts, HD)).toBe(false);
  expect(fitsEdit({ ...PLAIN, width: 1280, height: 720 }, HD)).toBe(true);
  expect(qualityWords({ ...PLAIN, video: "ffv1" })).toBe("Lossless");
  expect(qualityWords({ ...PLAIN, video: "prores", quality: 0 })).toBe("Proxy quality");
});

test("the suffix follows the profile, and the rest of the name stays", () => {
  const all = [".mp4", ".mov", ".mkv"];
  expect(withSuffix("my film.v2.mp4", ".mov", all)).toBe("my film.v2.mov");
  expect(withSuffix("my film", ".mkv", all)).toBe("my film.mkv");
});

test("a name is joined to its folder unless it is a whole path", () => {
  expect(joined("/films/out", "a.mp4")).toBe("/films/out/a.mp4");
  expect(joined("C:\\films", "a.mp4")).toBe("C:\\films\\a.mp4");
  expect(joined("/films", "/other/a.mp4")).toBe("/other/a.mp4");
  expect(joined("/films", "~/a.mp4")).toBe("~/a.mp4");
});

test("folders are shown from their root on", () => {
  const folders = ["/home/ada/films", "/home/ada/films/out", "/mnt/b"];
  expect(folderLabel("/home/ada/films/out", folders)).toBe("films/out");
  expect(folderLabel("/mnt/b", folders)).toBe("b");
});

test("a render says where it stands", () => {
  const row: RenderRow = {
    number: 1,
    path: "/a.mp4",
    status: "processing",
    fraction: 0.5,
    stage: "encode",
    remainingS: 30,
    messages: [],
    sizeBytes: 0,
    address: "",
    canRise: false,
    canSink: false,
  };
  expect(statusText(row)).toBe("50%, 30 sec left");
  expect(statusText({ ...row, status: "paused" })).toBe("Paused at 50%");
  expect(statusText({ ...row, status: "completed", sizeBytes: 2e6 })).toBe("2 MB");
});
