import { afterEach, describe, expect, it, vi } from "vitest";
import { whyClosed } from "./ended";

afterEach(() => vi.unstubAllGlobals());

describe("a page that lost its program", () => {
  it("says what the program said", async () => {
    const fetched = vi.fn();
    vi.stubGlobal("fetch", fetched);
    expect(await whyClosed("32 pages are open: close one")).toBe(
      "32 pages are open: close one",
    );
    expect(fetched).not.toHaveBeenCalled();
  });

  it("does not say that a program has ended that answers", async () => {
    vi.stubGlobal("fetch", async () => new Response(null, { status: 403 }));
    expect(await whyClosed("")).toContain("cut off");
  });

  it("says that a program has ended that does not answer", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    expect(await whyClosed("")).toContain("ended");
  });
});
