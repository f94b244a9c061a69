import { describe, expect, it } from "vitest";
import type { KindView } from "../../protocol";
import { requestOf } from "./offer";
import { found, type Query } from "./search";

const kind = (name: string, medium: string, label: string, words = ""): KindView => ({
  kind: name,
  medium,
  group: "g",
  doc: "",
  label,
  groupLabel: "Group",
  words: `${name} ${words}`,
  hasSample: true,
});

const KINDS = [
  kind("chroma_key", "picture", "Chroma key", "green screen"),
  kind("gaussian_blur", "picture", "Gaussian blur", "soften"),
  kind("blur", "transition", "Blur"),
  kind("reverb", "sound", "Reverb", "room hall"),
  kind("title", "generator", "Title", "text caption"),
];

const query = (more: Partial<Query>): Query => ({
  category: "all",
  text: "",
  favorites: new Set(),
  translate: (label) => label,
  ...more,
});
const names = (more: Partial<Query>) =>
  found(KINDS, query(more)).map((own) => own.kind);

describe("the search", () => {
  it("finds by name, best first", () => {
    expect(names({ text: "blur" })).toEqual(["blur", "gaussian_blur"]);
  });

  it("finds by synonyms, and all words must fit", () => {
    expect(names({ text: "green screen" })).toEqual(["chroma_key"]);
    expect(names({ text: "green blur" })).toEqual([]);
  });

  it("finds translated names, with or without marks", () => {
    const translate = (label: string) => (label === "Title" ? "Título" : label);
    expect(names({ text: "titulo", translate })).toEqual(["title"]);
  });

  it("keeps to a category and to favorites", () => {
    expect(names({ category: "picture" })).toEqual(["chroma_key", "gaussian_blur"]);
    expect(names({ category: "sound" })).toEqual(["reverb"]);
    expect(
      names({ category: "favorites", favorites: new Set(["transition:blur"]) }),
    ).toEqual(["blur"]);
  });
});

describe("a drop", () => {
  it("asks for what the offer is", () => {
    const target = { clip: "c1", atS: 2 };
    expect(requestOf({ kind: "sepia", medium: "picture" }, target)).toEqual({
      kind: "addEffect",
      owners: ["c1"],
      effect: "sepia",
    });
    expect(requestOf({ kind: "Warm", medium: "preset" }, target)).toEqual({
      kind: "applyPreset",
      name: "Warm",
      owners: ["c1"],
    });
    expect(
      requestOf({ kind: "wipe", medium: "transition" }, { ...target, cut: "c3" }),
    ).toEqual({ kind: "setTransition", item: "c3", transition: "wipe", durationS: 1 });
    expect(requestOf({ kind: "title", medium: "generator" }, { atS: 2 })).toEqual({
      kind: "addGenerator",
      made: "title",
      atS: 2,
    });
  });

  it("is nothing where no clip lies", () => {
    expect(requestOf({ kind: "sepia", medium: "picture" }, { atS: 2 })).toBeUndefined();
  });
});
