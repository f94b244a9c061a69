// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Channel } from "../channel";
import { FakeModel } from "../test/model";
import { LAB_FILES, labPaths, serverRoot } from "./labDrag";
import { base64, type UploadState, Uploads } from "./uploads";

let model: FakeModel;
let channel: Channel;
let states: readonly UploadState[] = [];

beforeEach(() => {
  model = new FakeModel();
  channel = new Channel(model);
});
afterEach(() => channel.close());

const file = () => new File([new Uint8Array([1, 2, 3, 4, 5])], "a.mp4");
const requests = (kind: string) =>
  model.sent.filter((one) => (one as { kind: string }).kind === kind);

describe("uploads", () => {
  it("send one part at a time, and name the file at the end", async () => {
    const uploads = new Uploads(channel, (now) => {
      states = now;
    });
    const done = uploads.send(file());
    const reply = async (kind: string, answer: object) => {
      await vi.waitFor(() => expect(requests(kind).at(-1)).toBeDefined());
      const { id } = requests(kind).at(-1) as { id: number };
      model.answer({ id, ...answer } as never);
    };
    await reply("startUpload", { kind: "uploadStarted", upload: 7, partBytes: 3 });
    await vi.waitFor(() => expect(requests("uploadPart")).toHaveLength(1));
    expect(requests("uploadPart")[0]).toMatchObject({
      upload: 7,
      offset: 0,
      // The bytes 1, 2, 3.
      data: "AQID",
    });
    await reply("uploadPart", { kind: "done" });
    await vi.waitFor(() => expect(requests("uploadPart")).toHaveLength(2));
    expect(requests("uploadPart")[1]).toMatchObject({ offset: 3, data: "BAU=" });
    expect(states[0]?.sent).toBe(3);
    await reply("uploadPart", { kind: "done" });
    await reply("finishUpload", { kind: "uploaded", path: "/f/a.mp4", name: "a.mp4" });
    expect(await done).toBe("/f/a.mp4");
    expect(states).toEqual([]);
  });

  it("that are canceled say so to the kernel", async () => {
    const uploads = new Uploads(channel, (now) => {
      states = now;
    });
    const done = uploads.send(file());
    await vi.waitFor(() => expect(requests("startUpload")).toHaveLength(1));
    states[0]?.cancel();
    const { id } = requests("startUpload")[0] as { id: number };
    model.answer({ kind: "uploadStarted", id, upload: 7, partBytes: 3 } as never);
    await vi.waitFor(() => expect(requests("cancelUpload")).toHaveLength(1));
    const cancel = requests("cancelUpload")[0] as { id: number };
    model.answer({ kind: "done", id: cancel.id } as never);
    expect(await done).toBeUndefined();
    expect(requests("uploadPart")).toEqual([]);
  });

  it("carry all bytes", async () => {
    const bytes = new Uint8Array(20_000).map((_, number) => number % 256);
    const text = await base64(new Blob([bytes]));
    expect(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))).toEqual(
      bytes,
    );
  });
});

describe("files of JupyterLab", () => {
  it("have the paths of the kernel's machine", () => {
    expect(serverRoot('{"serverRoot": "~/films"}')).toBe("~/films");
    expect(serverRoot("{")).toBe("");
    expect(serverRoot('{"serverRoot": 3}')).toBe("");
    const transfer = {
      getData: (type: string) => (type === LAB_FILES ? '["a b.mp4", 3]' : ""),
    } as DataTransfer;
    expect(labPaths(transfer)).toEqual(["a b.mp4"]);
    const config = document.createElement("script");
    config.id = "jupyter-config-data";
    config.type = "application/json";
    config.textContent = '{"serverRoot": "~/films/"}';
    document.body.append(config);
    expect(labPaths(transfer)).toEqual(["~/films/a b.mp4"]);
    config.remove();
  });
});
