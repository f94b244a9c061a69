/**
 * Renders an output with a widget of ours: the widget, or the picture that the notebook
 * keeps of it where the kernel that had it is gone.
 */

import { modelIdOf, OWN_TYPE, WIDGET_TYPE } from "./mimeTypes";
import type {
  Factory,
  Lumino,
  NotebookPanel,
  NotebookTracker,
  OutputModel,
  OutputRenderer,
  RenderMime,
} from "./shared";

// The widgets' own renderer has -10; the lowest is chosen.
const RANK = -20;
const FAILED = "Error displaying widget";

/** Render outputs of ours in each notebook, those that are open and those that come. */
export function renderOutputs(lumino: Lumino, tracker: NotebookTracker): void {
  const prepare = (panel: NotebookPanel, isReady: boolean) => {
    const { rendermime } = panel.content;
    const widgets = new WidgetSupport(rendermime, isReady);
    const createRenderer = () => makeRenderer(lumino, rendermime, widgets);
    const mimeTypes = [OWN_TYPE];
    rendermime.addFactory({ safe: false, mimeTypes, createRenderer }, RANK);
  };
  tracker.forEach((panel) => {
    prepare(panel, true);
  });
  tracker.widgetAdded.connect((_, panel) => prepare(panel, false));
}

/**
 * Whether a notebook can show widgets: from when it has a session, if ever.
 *
 * Their renderer is added anew then, with the manager that knows the kernel's models.
 */
class WidgetSupport {
  isReady: boolean;
  #waiting = new Set<() => void>();

  constructor(rendermime: RenderMime, isReady: boolean) {
    this.isReady = isReady;
    const add = rendermime.addFactory.bind(rendermime);
    rendermime.addFactory = (factory: Factory, rank: number) => {
      add(factory, rank);
      if (factory.mimeTypes.includes(WIDGET_TYPE)) this.#begin();
    };
  }

  wait(ready: () => void): void {
    this.#waiting.add(ready);
  }

  forget(ready: () => void): void {
    this.#waiting.delete(ready);
  }

  #begin(): void {
    this.isReady = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const ready of waiting) ready();
  }
}

function makeRenderer(
  lumino: Lumino,
  rendermime: RenderMime,
  widgets: WidgetSupport,
): OutputRenderer {
  const panel = new lumino.Panel();
  panel.addClass("timeline-nb-output");
  let shown = "";
  let latest: OutputModel | undefined;
  const show = async (
    model: OutputModel,
    mimeType: string,
  ): Promise<OutputRenderer> => {
    for (const widget of [...panel.widgets]) widget.dispose();
    const renderer = rendermime.createRenderer(mimeType);
    panel.addWidget(renderer);
    await renderer.renderModel(model);
    return renderer;
  };
  const showStored = async (model: OutputModel): Promise<void> => {
    shown = "";
    delete panel.node.dataset.timelineNbModel;
    const { [OWN_TYPE]: _, [WIDGET_TYPE]: __, ...stored } = model.data;
    const mimeType = rendermime.preferredMimeType(stored, "any");
    if (mimeType) await show(model, mimeType);
  };
  const showLive = async (model: OutputModel, id: string): Promise<void> => {
    shown = id;
    panel.node.dataset.timelineNbModel = id;
    const renderer = await show(model, WIDGET_TYPE);
    const check = () => {
      if (!renderer.node.textContent?.startsWith(FAILED)) return;
      watcher.disconnect();
      if (!renderer.isDisposed) void showStored(model);
    };
    // A kernel that is on its way may bring the model yet.
    const watcher = new MutationObserver(check);
    watcher.observe(renderer.node, { childList: true, characterData: true });
    renderer.disposed.connect(() => watcher.disconnect());
    check();
  };
  const retry = () => {
    if (latest && !panel.isDisposed) void renderModel(latest);
  };
  const renderModel = async (model: OutputModel): Promise<void> => {
    const id = modelIdOf(model.data);
    latest = model;
    // A notebook that is saved has a new picture of the same widget, which goes on.
    if (id && id === shown) return;
    if (widgets.isReady) return showLive(model, id);
    widgets.wait(retry);
    return showStored(model);
  };
  panel.disposed.connect(() => widgets.forget(retry));
  return Object.assign(panel, { renderModel });
}
