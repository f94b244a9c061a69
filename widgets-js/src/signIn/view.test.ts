// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Channel } from "../channel";
import type { SignInView } from "../protocol";
import { FakeModel } from "../test/model";
import { isPage, makeSignIn, type SignIn } from "./view";

const WAITING: Partial<SignInView> = {
  kind: "signIn",
  title: "YouTube",
  state: "waiting",
  address: "https://accounts.google.com/o/oauth2/v2/auth?state=x",
  userCode: "",
  takesAddress: true,
  isReceived: true,
  who: "",
  message: "",
};

let model: FakeModel;
let channel: Channel;
let view: SignIn;

const part = <E extends HTMLElement>(name: string) =>
  view.element.querySelector(name) as E;

beforeEach(() => {
  model = new FakeModel();
  channel = new Channel(model);
  view = makeSignIn(channel);
  document.body.append(view.element);
  model.answer(WAITING);
});

afterEach(() => {
  view.close();
  channel.close();
  view.element.remove();
});

describe("a sign-in", () => {
  it("opens the page in a tab of its own, which does not learn of this one", () => {
    const link = part<HTMLAnchorElement>("a");
    expect(link.href).toBe(WAITING.address);
    expect(link.target).toBe("_blank");
    expect(link.rel).toBe("noopener noreferrer");
    expect(link.textContent).toBe("Open YouTube");
  });

  it("sends a pasted address once, and keeps it nowhere", () => {
    const field = part<HTMLInputElement>("input");
    field.value = "http://127.0.0.1:1/callback?code=secret&state=x";
    part<HTMLButtonElement>("[data-testid=send]").click();
    expect(field.value).toBe("");
    expect(model.requests("pasteAddress")).toHaveLength(1);
    expect(JSON.stringify(model.traits)).not.toContain("secret");
    part<HTMLButtonElement>("[data-testid=send]").click();
    expect(model.requests("pasteAddress")).toHaveLength(1);
  });

  it("sends by the Enter key, which JupyterLab does not see", () => {
    const field = part<HTMLInputElement>("input");
    field.value = "http://127.0.0.1:1/callback?code=secret&state=x";
    let seen = 0;
    document.body.addEventListener("keydown", () => seen++);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(model.requests("pasteAddress")).toHaveLength(1);
    expect(seen).toBe(0);
  });

  it("is over when it has ended", () => {
    const field = part<HTMLInputElement>("input");
    field.value = "half a code";
    model.answer({ ...WAITING, state: "connected", address: "", who: "<b>Bikes</b>" });
    expect(part("output").textContent).toBe("YouTube is connected: <b>Bikes</b>");
    expect(view.element.querySelector("b")).toBeNull();
    expect(part<HTMLAnchorElement>("a").hidden).toBe(true);
    expect(part<HTMLAnchorElement>("a").hasAttribute("href")).toBe(false);
    expect(field.value).toBe("");
    expect(part("[data-testid=cancel]").hidden).toBe(true);
  });

  it("shows a code that is typed elsewhere", () => {
    model.answer({ ...WAITING, userCode: "ABCD-EFGH", takesAddress: false });
    expect(part("code").textContent).toBe("ABCD-EFGH");
    expect(part("input").closest("[hidden]")).not.toBeNull();
  });

  it("is canceled by its button", () => {
    part<HTMLButtonElement>("[data-testid=cancel]").click();
    expect(model.requests("cancelSignIn")).toHaveLength(1);
  });

  it("says why it failed", () => {
    model.answer({ ...WAITING, state: "failed", address: "", message: "no way" });
    expect(part("output").textContent).toBe("Failed");
    expect(part(".tnb-problem").textContent).toBe("no way");
    expect(part(".tnb-problem").hidden).toBe(false);
  });

  it("says what was wrong with an address until the next one", async () => {
    const field = part<HTMLInputElement>("input");
    field.value = "foreign";
    part<HTMLButtonElement>("[data-testid=send]").click();
    const { id, view: own } = model.requests("pasteAddress")[0] as {
      id: number;
      view: string;
    };
    model.answer({ kind: "refused", id, view: own, message: "not this one" });
    await new Promise((resolve) => setTimeout(resolve));
    expect(part(".tnb-problem").textContent).toBe("not this one");
    field.value = "another";
    part<HTMLButtonElement>("[data-testid=send]").click();
    expect(part(".tnb-problem").hidden).toBe(true);
  });
});

it("an address that is a program is no page", () => {
  expect(isPage("https://accounts.google.com/")).toBe(true);
  expect(isPage("http://127.0.0.1:8080/authorize")).toBe(true);
  for (const address of [
    "javascript:alert(1)",
    "http://evil.example/",
    "",
    "data:,x",
  ]) {
    expect(isPage(address)).toBe(false);
  }
  expect(isPage("http://127.0.0.1.evil.example/")).toBe(false);
});
