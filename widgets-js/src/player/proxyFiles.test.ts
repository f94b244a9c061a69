import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ProxyFileView } from "../protocol";
import { ProxyFiles } from "./proxyFiles";

/** Pictures of one byte each, from a frame on: the byte is the frame's number. */
function fileView(first: number): ProxyFileView {
  return { kind: "proxyFile", id: 0, view: "v", version: 1, first, file: `f${first}` };
}

const BEGIN = 100;

function offsetsOf(count: number): Uint32Array {
  return Uint32Array.from({ length: count + 1 }, (_, n) => BEGIN + n);
}

/** A server of such files, which answers once it is let. */
function makeServer(first: number) {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const server = { status: 206, asked, waiting };
  vi.stubGlobal(
    "fetch",
    (url: string, options: { headers: { Range: string }; signal: AbortSignal }) => {
      const range = options.headers.Range;
      asked.push(`${url} ${range}`);
      const [from = 0, to = 0] = (range.match(/\d+/g) ?? []).map(Number);
      const bytes = Uint8Array.from(
        { length: to - from + 1 },
        (_, n) => first + from - BEGIN + n,
      );
      return new Promise((resolve, reject) => {
        options.signal.addEventListener("abort", () => reject(new Error("aborted")));
        waiting.push(() =>
          resolve({ status: server.status, arrayBuffer: async () => bytes.buffer }),
        );
      });
    },
  );
  return server;
}

async function answerAll(server: { waiting: (() => void)[] }): Promise<void> {
  while (server.waiting.length) {
    server.waiting.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  }
}

function makeFiles() {
  const got = new Map<number, number>();
  const failed = vi.fn();
  const files = new ProxyFiles((number, jpeg) => {
    got.set(number, jpeg.byteLength === 1 ? jpeg.getUint8(0) : -1);
  }, failed);
  files.base = "http://here/";
  return { files, got, failed };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("pictures of a server", () => {
  it("come by one range, each under its number", async () => {
    const server = makeServer(50);
    const { files, got } = makeFiles();
    files.add(fileView(50), offsetsOf(30));
    expect([49, 50, 79, 80].map((n) => files.has(n))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    files.fetch([60, 61, 62, 63, 59]);
    expect(server.asked).toEqual(["http://here/f50 bytes=109-113"]);
    await answerAll(server);
    expect([...got]).toEqual([59, 60, 61, 62, 63].map((n) => [n, n]));
  });

  it("are none where no server is", () => {
    const { files } = makeFiles();
    files.base = "";
    files.add(fileView(0), offsetsOf(30));
    expect(files.has(3)).toBe(false);
  });

  it("are not asked for twice, and what was not begun is replaced", async () => {
    const server = makeServer(0);
    const { files, got } = makeFiles();
    files.add(fileView(0), offsetsOf(200));
    files.fetch([3, 4]);
    files.fetch([3, 4, 5]);
    // Two are under way: only the last wish is kept.
    files.fetch([100]);
    files.fetch([150]);
    expect(server.asked).toHaveLength(2);
    await answerAll(server);
    expect(server.asked.slice(2)).toEqual(["http://here/f0 bytes=250-250"]);
    expect([...got.keys()]).toEqual([3, 4, 5, 150]);
  });

  it.each([200, 404, 410])("are the kernel's after an answer of %i", async (status) => {
    const server = makeServer(0);
    server.status = status;
    const { files, got, failed } = makeFiles();
    files.add(fileView(0), offsetsOf(9));
    files.fetch([3]);
    await answerAll(server);
    expect(failed).toHaveBeenCalledOnce();
    expect(files.has(3)).toBe(false);
    expect(got.size).toBe(0);
  });

  it("of another source are dropped", async () => {
    const server = makeServer(0);
    const { files, got, failed } = makeFiles();
    files.add(fileView(0), offsetsOf(9));
    files.fetch([3]);
    files.clear();
    await answerAll(server);
    expect(got.size).toBe(0);
    expect(failed).not.toHaveBeenCalled();
    expect(files.has(3)).toBe(false);
  });
});
