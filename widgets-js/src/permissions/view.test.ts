// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Channel } from "../channel";
import type { AskView, PermissionsView } from "../protocol";
import { FakeModel } from "../test/model";
import { makePermissions } from "./view";

const ask = (permission: string, more: Partial<AskView> = {}): AskView => ({
  permission,
  sentence: `may ${permission}`,
  target: "",
  example: "",
  isNever: false,
  isGranted: false,
  granted: [],
  ...more,
});
const VIEW: PermissionsView = {
  kind: "permissions",
  id: 0,
  view: "",
  plugin: "org.example.one",
  name: "One 1.0.0",
  facts: "org.example.one",
  about: "",
  asks: [
    ask("ui:panel"),
    ask("read:*", { target: "folder", example: "/home/ada/films" }),
    ask("network:*.example.com", { target: "host", example: "*.example.com" }),
    ask("process", { isNever: true }),
  ],
  requires: [],
  refused: [],
  isRemoved: false,
};

let model: FakeModel;
let channel: Channel;
let root: HTMLElement;

const box = (name: string) =>
  root.querySelector(`[data-permission="${name}"]`) as HTMLInputElement;
const fieldOf = (name: string) =>
  box(name).closest("li")?.querySelector(".tnb-text") as HTMLInputElement;
const press = (name: string) =>
  (root.querySelector(`[data-testid=${name}]`) as HTMLButtonElement).click();
const check = (name: string) => {
  box(name).checked = true;
  box(name).dispatchEvent(new Event("change"));
};

beforeEach(() => {
  model = new FakeModel();
  channel = new Channel(model);
  root = makePermissions(channel);
  document.body.append(root);
  model.answer(VIEW);
});

afterEach(() => {
  channel.close();
  root.remove();
});

describe("the dialog of permissions", () => {
  it("allows nothing that a person has not checked", () => {
    const allow = root.querySelector("[data-testid=allow]") as HTMLButtonElement;
    expect(root.querySelectorAll("input:checked")).toHaveLength(0);
    expect(allow.disabled).toBe(true);
    press("allow");
    expect(model.requests("allowPermissions")).toHaveLength(0);
  });

  it("allows what is checked, as it was narrowed", () => {
    check("ui:panel");
    check("network:*.example.com");
    fieldOf("network:*.example.com").value = "api.example.com";
    const folder = fieldOf("read:*");
    folder.value = " /films ";
    // Who names a folder has said so.
    folder.dispatchEvent(new Event("input"));
    expect(box("read:*").checked).toBe(true);
    press("allow");
    expect(model.requests("allowPermissions")[0]?.permissions).toEqual([
      "ui:panel",
      "read:/films",
      "network:api.example.com",
    ]);
  });

  it("asks for no folder that nobody named", () => {
    expect(fieldOf("read:*").value).toBe("");
    check("read:*");
    check("ui:panel");
    press("allow");
    expect(model.requests("allowPermissions")[0]?.permissions).toEqual(["ui:panel"]);
  });

  it("never offers to start programs", () => {
    expect(box("process").disabled).toBe(true);
    box("process").checked = true;
    check("ui:panel");
    press("allow");
    expect(model.requests("allowPermissions")[0]?.permissions).toEqual(["ui:panel"]);
  });

  it("takes back one, or all", () => {
    const granted = ask("ui:panel", { isGranted: true, granted: ["ui:panel"] });
    model.answer({ ...VIEW, asks: [granted] });
    expect(box("ui:panel").disabled).toBe(true);
    (root.querySelector(".tnb-granted button") as HTMLButtonElement).click();
    press("nothing");
    const sent = model.requests("revokePermissions");
    expect(sent.map((one) => one.permissions)).toEqual([["ui:panel"], []]);
  });

  it("keeps what is typed when a refusal comes in", () => {
    fieldOf("read:*").value = "/fil";
    model.answer({ ...VIEW, refused: ["http https://evil.test/: <b>no</b>"] });
    expect(fieldOf("read:*").value).toBe("/fil");
    expect(root.querySelector(".tnb-refused b")).toBeNull();
    expect(root.querySelector(".tnb-refused")?.textContent).toContain("<b>no</b>");
  });

  it("says why it was refused", async () => {
    check("ui:panel");
    press("allow");
    const { id, view } = model.requests("allowPermissions")[0] as {
      id: number;
      view: string;
    };
    model.answer({ kind: "refused", id, view, message: "no such plugin" });
    await new Promise((resolve) => setTimeout(resolve));
    expect(root.querySelector("[role=alert]")?.textContent).toBe("no such plugin");
  });
});
