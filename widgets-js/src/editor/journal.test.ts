// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from "vitest";
import { Channel } from "../channel";
import type { WidgetContext } from "../context";
import type { JournalView } from "../protocol";
import { FakeModel } from "../test/model";
import { Notice } from "../ui/notice";
import { makeJournal } from "./journal";

const NOTHING = {
  kind: "journal" as const,
  steps: 0,
  atS: 0,
  label: "",
  changes: [],
  who: "",
  place: "",
  sinceS: 0,
  isFollowed: false,
  isShared: false,
  conflicts: [],
};
const EVIL = "<img src=x onerror=alert(1)>";

let model: FakeModel;
let channel: Channel;
let root: HTMLElement;

const show = (more: Partial<JournalView>) => model.answer({ ...NOTHING, ...more });
const line = (name: string) =>
  root.querySelector(`[data-testid="${name}"]`) as HTMLElement;
const press = (label: string) =>
  [...root.querySelectorAll("button")]
    .find((one) => one.textContent === label)
    ?.click();

beforeEach(() => {
  model = new FakeModel();
  channel = new Channel(model);
  const context = { channel, notice: new Notice() } as unknown as WidgetContext;
  root = makeJournal(context);
  document.body.append(root);
});

afterEach(() => {
  channel.close();
  root.remove();
});

it("offers steps that were not saved, and what they changed", () => {
  show({ steps: 2, label: "move", atS: 1_780_000_000, changes: ["V1: moved", EVIL] });
  expect(line("recovery").hidden).toBe(false);
  expect(line("recovery").textContent).toContain("2 steps were not saved");
  expect(line("recovery").textContent).toContain("“Move”");
  expect(root.querySelectorAll("li")).toHaveLength(2);
  expect(root.querySelector("img")).toBeNull();
  show({});
  expect(line("recovery").hidden).toBe(true);
});

it("restores and discards by a press", () => {
  show({ steps: 1, label: "move", atS: 1 });
  press("Restore");
  press("Discard");
  const kinds = model.sent.map((one) => one.kind);
  expect(kinds).toContain("recover");
  expect(kinds).toContain("discardRecovery");
});

it("says who else edits the project", () => {
  show({ who: "Ada", place: "studio-2, street.ipynb", sinceS: 1, isFollowed: true });
  expect(line("elsewhere").textContent).toContain(
    "Ada (studio-2, street.ipynb) edits this project since",
  );
  expect(line("elsewhere").textContent).toContain("you see each step");
  show({ who: "Ada", place: "studio-2, street.ipynb", sinceS: 1 });
  expect(line("elsewhere").textContent).toContain("under another name");
  show({ who: "Ada", place: "studio-2, street.ipynb", sinceS: 1, isShared: true });
  expect(line("elsewhere").textContent).toContain(
    "Ada (studio-2, street.ipynb) edits with you since",
  );
  show({});
  expect(line("elsewhere").hidden).toBe(true);
});

it("lists what several people changed at once", () => {
  const clash = `V1, clip "${EVIL}": gain_db: -3 holds, not -6`;
  show({ who: "Ada", sinceS: 1, isShared: true, conflicts: [clash] });
  const rows = line("elsewhere").querySelectorAll("details:not([hidden]) li");
  expect([...rows].map((row) => row.textContent)).toEqual([clash]);
  const what = { text: "Gain", values: {} };
  const values = { where: EVIL, what, ours: "-3", theirs: "-6" };
  const text = "{where}: {what}: {ours} holds, not {theirs}";
  show({ who: { text: "another program", values: {} }, conflicts: [{ text, values }] });
  expect(line("elsewhere").textContent).toContain("another program edits");
  expect(line("elsewhere").querySelector("li")?.textContent).toBe(
    `${EVIL}: Gain: -3 holds, not -6`,
  );
  expect(root.querySelector("img")).toBeNull();
  show({ who: "Ada", sinceS: 1, isShared: true });
  expect(line("elsewhere").querySelector("details")?.hidden).toBe(true);
});
