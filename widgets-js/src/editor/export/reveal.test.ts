import { expect, test } from "vitest";
import { belowRoot } from "./reveal";

test("a path is told from the server's root on", () => {
  expect(belowRoot("/srv/films/out/a.mp4", "/srv/films")).toBe("out/a.mp4");
  expect(belowRoot("/srv/films2/a.mp4", "/srv/films")).toBeUndefined();
  expect(belowRoot("/home/ada/films/a.mp4", "~/films")).toBe("a.mp4");
  expect(belowRoot("/root/a.mp4", "~")).toBe("a.mp4");
  expect(belowRoot("/mnt/a.mp4", "~/films")).toBeUndefined();
  expect(belowRoot("/srv/a.mp4", "")).toBeUndefined();
});
