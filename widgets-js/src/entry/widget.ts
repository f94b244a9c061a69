/** What all widgets have: a channel, a playhead, notices, and a connection overlay. */

import { Channel, type Model } from "../channel";
import type { WidgetContext } from "../context";
import { direction, ENGLISH, language, t, useTranslations } from "../i18n";
import { saveOf } from "../notebook";
import { Playhead } from "../playhead";
import { keepPicture } from "../storedPicture";
import { Targets } from "../targets";
import { areTextsMissing, loadTranslations } from "../translations";
import { type Command, Commands } from "../ui/commands";
import { attachKeys } from "../ui/dispatch";
import { h } from "../ui/dom";
import { contextMenu } from "../ui/menu";
import { connectionOverlay, Notice } from "../ui/notice";
import { Settings } from "../ui/settings";
import { addSettingsCommands, type SettingsDialogs } from "../ui/settingsCommands";
import { css } from "../ui/styles";

export interface RenderProps {
  readonly model: Model;
  readonly el: HTMLElement;
}

export type Build = (context: WidgetContext) => readonly { close(): void }[];

interface WidgetOptions {
  /** The style of what no other widget has. */
  readonly css?: string;
  /** The dialogs of settings and keys. */
  dialogs(context: WidgetContext): Promise<SettingsDialogs>;
}

/** A `render` that builds a widget's views, and returns what removes them. */
export function widget(
  name: string,
  build: Build,
  { css: ownCss = "", dialogs }: WidgetOptions,
): { render(props: RenderProps): () => void } {
  const show = ({ model, el }: RenderProps): (() => void) => {
    const channel = new Channel(model);
    const playhead = new Playhead(model);
    const notice = new Notice();
    const commands = new Commands();
    const settings = new Settings(channel);
    const root = h("div", {
      class: `tnb tnb-${name}`,
      lang: language(),
      dir: direction(),
      // A click between controls brings the keys here as well.
      tabindex: "-1",
      "data-testid": name,
    });
    const detachKeys = attachKeys(root, commands);
    root.append(h("style", {}, css + ownCss));
    el.append(root);
    const problem = notice.problem;
    const save = saveOf(model);
    if (save) commands.add(saveCommand(() => save().catch(problem)));
    settings.onChange(({ keymap: preset, keys: changes, well }) => {
      commands.keymap = { preset, changes };
      root.dataset.well = well;
    });
    const detachMenu = ownMenu(root, commands);
    const targets = new Targets();
    const shared = { model, channel, playhead, notice, commands, settings };
    const context = { ...shared, targets, root };
    const parts = { root, commands, settings, problem };
    addSettingsCommands(parts, () => dialogs(context));
    const views = build(context);
    root.append(
      notice.element,
      connectionOverlay(channel, () => String(model.get("still") ?? "")),
    );
    // Pages and tests wait for this.
    channel.onState((state) => {
      root.dataset.state = state;
    });
    channel.open();
    const endKeeping = keepPicture({ model, channel, root }, el);
    return () => {
      endKeeping();
      for (const view of views) view.close();
      detachKeys();
      detachMenu();
      settings.close();
      notice.close();
      playhead.close();
      channel.close();
      root.remove();
    };
  };
  return { render: (props) => showTranslated(props, show) };
}

/** The page's own Ctrl+S is not heard while the focus is in the widget. */
function saveCommand(run: () => unknown): Command {
  const group = t("Help and settings");
  return { id: "notebook.save", label: t("Save the notebook"), group, run };
}

/** The menu of what has none of its own; the page's menus are about cells. */
function ownMenu(root: HTMLElement, commands: Commands): () => void {
  const ids = [
    ["edit.undo", "edit.redo"],
    ["player.play", "player.fullScreen"],
    ["project.save", "export.open"],
    ["help.keys", "settings.open"],
  ];
  return contextMenu(root, () =>
    ids.map((group) =>
      group.filter((id) => commands.has(id)).map((id) => commands.choice(id)),
    ),
  );
}

/** Show a widget in the reader's language, and anew when that changes. */
function showTranslated(
  props: RenderProps,
  show: (props: RenderProps) => () => void,
): () => void {
  let [hide, turn] = [() => {}, 0];
  const start = () => {
    hide();
    hide = show(props);
  };
  const translate = () => {
    turn += 1;
    const own = turn;
    void loadTranslations(props.model).then(() => {
      if (own === turn) start();
    });
  };
  if (areTextsMissing(props.model)) {
    translate();
  } else {
    useTranslations(ENGLISH);
    start();
  }
  props.model.on("change:_language", translate);
  return () => {
    turn += 1;
    props.model.off("change:_language", translate);
    hide();
  };
}
