/** What profiles, estimates and renders are called. Pure. */

import { t } from "../../i18n";
import type { ExportEstimate, ExportProfile } from "../../protocol";
import { timeText } from "./status";

export interface ProfileWords {
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly use: string;
}

/** The title and the use of a profile; one without texts is shown by its name. */
export function profileWords(name: string): ProfileWords {
  const known: Readonly<Record<string, readonly [string, string]>> = {
    "": [t("Standard"), t("Plays everywhere, in the size of the edit.")],
    "youtube-1080p": ["YouTube 1080p", t("Full HD for uploads to YouTube.")],
    "youtube-4k": ["YouTube 4K", t("Ultra HD for uploads to YouTube.")],
    vimeo: ["Vimeo", t("Full HD for uploads to Vimeo.")],
    tiktok: ["TikTok", t("Upright video for TikTok.")],
    reels: ["Instagram Reels", t("Upright video for Instagram Reels.")],
    shorts: ["YouTube Shorts", t("Upright video for YouTube Shorts.")],
    instagram: [t("Instagram post"), t("Portrait video for the Instagram feed.")],
    x: ["X", t("HD video for posts on X.")],
    apple: [t("Apple devices"), t("Smaller files than H.264 at the same quality.")],
    web: [t("Web page"), t("Small, and starts while it is still loading.")],
    master: [t("Master"), t("For further editing and delivery; very large.")],
    archive: [t("Archive"), t("Every frame as it is, without any loss.")],
    reproducible: [t("Reproducible"), t("The same bytes each time, on any machine.")],
    proxy: [t("Proxy"), t("Light to edit on slow machines.")],
    review: [t("Review copy"), t("Small and quick, to show around.")],
  };
  const [title, use] = known[name] ?? [name, ""];
  return { title, use };
}

const CODECS: Readonly<Record<string, string>> = {
  h264: "H.264",
  h265: "H.265 (HEVC)",
  av1: "AV1",
  vp9: "VP9",
  prores: "ProRes",
  dnxhr: "DNxHR",
  ffv1: "FFV1",
  aac: "AAC",
  opus: "Opus",
  mp3: "MP3",
  flac: "FLAC",
  alac: "ALAC",
  pcm: "PCM 16 bit",
  pcm24: "PCM 24 bit",
};

export function codecName(codec: string): string {
  return CODECS[codec] ?? codec.toUpperCase();
}

/** The quality of a profile in words; 75 of 100 is nearly transparent. */
export function qualityWords({ video, quality }: ExportProfile): string {
  if (video === "ffv1") return t("Lossless");
  if (video === "prores" && quality < 25) return t("Proxy quality");
  if (quality >= 90) return t("Highest quality");
  if (quality >= 78) return t("Very high quality");
  if (quality >= 65) return t("High quality");
  return t("Reduced quality");
}

/** What films of a profile are, a fact each: size, codecs, quality, loudness. */
export function profileFacts(
  profile: ExportProfile,
  edit: { readonly width: number; readonly height: number },
): string[] {
  const { width, height } = profile.width ? profile : edit;
  const facts = [
    `${width} × ${height}`,
    `${profile.suffix.slice(1).toUpperCase()}`,
    codecName(profile.video),
    qualityWords(profile),
    codecName(profile.audio),
  ];
  if (profile.loudnessLufs !== null) facts.push(`${profile.loudnessLufs} LUFS`);
  return facts;
}

/** Whether films of a profile have the edit's aspect, give or take a pixel or two. */
export function fitsEdit(
  { width, height }: ExportProfile,
  edit: { readonly width: number; readonly height: number },
): boolean {
  if (!width) return true;
  return Math.abs(width * edit.height - height * edit.width) <= 2 * (width + height);
}

/** How much of a film need not be encoded again. */
export function reusedText(estimate: ExportEstimate): string {
  const { copiedS, cachedS, durationS } = estimate;
  const reusedS = copiedS + cachedS;
  if (reusedS < 0.05) return t("Nothing can be reused: all of it is encoded");
  const length = timeText(durationS);
  if (reusedS > durationS - 0.05) return t("All {length} are reused", { length });
  return t("{reused} of {length} are reused", { reused: timeText(reusedS), length });
}

/** A file name with the suffix of another profile, where it has one of a profile. */
export function withSuffix(
  name: string,
  suffix: string,
  suffixes: readonly string[],
): string {
  const own = suffixes.find((one) => name.toLowerCase().endsWith(one));
  return (own ? name.slice(0, -own.length) : name) + suffix;
}

/** The path of a file in a folder; a name that is a whole path stays. */
export function joined(folder: string, name: string): string {
  if (!folder || /^([/\\~]|[A-Za-z]:)/.test(name)) return name;
  const separator = folder.includes("\\") ? "\\" : "/";
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/** A folder as it is shown: from the root that it lies below. */
export function folderLabel(folder: string, folders: readonly string[]): string {
  const within = (one: string) =>
    folder === one || folder.startsWith(`${one}/`) || folder.startsWith(`${one}\\`);
  const root = folders.find(within) ?? folder;
  const start = Math.max(root.lastIndexOf("/"), root.lastIndexOf("\\")) + 1;
  return folder.slice(start) || folder;
}
