/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";

// Types too: a module that needs another's types is not understood without it.
const IMPORT = /^(?:import|export)\b[^;]*?from\s+"(\.[^"]+)"/gm;
const TEXTS = import.meta.glob<string>("./**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

type Graph = ReadonlyMap<string, readonly string[]>;

/** Each module's imports of others, by path. */
function importsOf(texts: Readonly<Record<string, string>>): Graph {
  const paths = Object.keys(texts).filter((path) => !path.endsWith(".test.ts"));
  const graph = paths.map((path) => {
    const found = [...(texts[path] ?? "").matchAll(IMPORT)].map(([, target = ""]) => {
      const { pathname } = new URL(`${target}.ts`, `file:///${path}`);
      return `.${pathname}`;
    });
    return [path, found.filter((target) => paths.includes(target))] as const;
  });
  return new Map(graph);
}

/** A circle of imports, as the modules along it; undefined if there is none. */
function circleIn(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const circle = visit(next, [...path, name]);
      if (circle) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const circle = visit(name, []);
    if (circle) return circle;
  }
  return undefined;
}

describe("the modules", () => {
  it("import each other without a circle", () => {
    const graph = importsOf(TEXTS);
    expect(graph.get("./entry/player.ts")).toContain("./player/view.ts");
    expect(circleIn(graph)).toBeUndefined();
  });

  it("would be caught in a circle", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", []],
      ["d", ["b"]],
    ]);
    expect(circleIn(graph)).toEqual(["b", "d", "b"]);
  });
});
