// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { baseOf } from "./server";

beforeEach(() => {
  document.body.innerHTML = "";
  vi.resetModules();
  vi.unstubAllGlobals();
});

describe("the base URL of a page", () => {
  it("is that of its data, on the page's own origin alone", () => {
    const { origin } = location;
    expect(baseOf('{"baseUrl": "/user/me/"}')).toBe(`${origin}/user/me/`);
    expect(baseOf('{"baseUrl": "/user/me"}')).toBe(`${origin}/user/me/`);
    expect(baseOf(`{"baseUrl": "${origin}/a/"}`)).toBe(`${origin}/a/`);
    expect(baseOf('{"baseUrl": "https://elsewhere.example/"}')).toBe("");
    expect(baseOf('{"baseUrl": "//elsewhere.example/"}')).toBe("");
    expect(baseOf('{"baseUrl": 7}')).toBe("");
    expect(baseOf("no JSON")).toBe("");
    expect(baseOf(undefined)).toBe("");
  });
});

async function found(answer: () => Promise<unknown>): Promise<[string, number]> {
  const config = document.createElement("script");
  config.id = "jupyter-config-data";
  config.type = "application/json";
  config.textContent = '{"baseUrl": "/user/me/"}';
  document.body.append(config);
  const fetched = vi.fn(answer);
  vi.stubGlobal("fetch", fetched);
  const { serverBase } = await import("./server");
  const base = await serverBase();
  await serverBase();
  return [base, fetched.mock.calls.length];
}

describe("the server", () => {
  const ok = { ok: true, json: async () => ({ status: "failing", checks: {} }) };

  it("is there if its health answers, and is asked once", async () => {
    expect(await found(async () => ok)).toEqual([`${location.origin}/user/me/`, 1]);
  });

  it("is not there if something else answers, or nothing does", async () => {
    expect((await found(async () => ({ ok: false })))[0]).toBe("");
    vi.resetModules();
    expect((await found(async () => ({ ...ok, json: async () => [] })))[0]).toBe("");
    vi.resetModules();
    expect((await found(() => Promise.reject(new Error("refused"))))[0]).toBe("");
  });
});
