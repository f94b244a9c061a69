/**
 * Renders an output with a widget of ours: the widget, or the picture that the notebook
 * keeps of it where the kernel that had it is gone.
 */

import { modelIdOf, OWN_TYPE, WIDGET_TYPE } from "./mimeTypes";
import type {
  Factory,
  Lumino,
  LuminoPanel,
  NotebookPanel,
  NotebookTracker,
  OutputModel,
  OutputRenderer,
  RenderMime,
} from "./shared";

// The widgets' own renderer has -10; the lowest is chosen.
const RANK = -20;
const LOADING = "Loading widget";
const FAILED = "Error displaying widget";
/** A kernel answers sooner; until it does, the picture is shown. */
const LATE_MS = 1_500;

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

/** The picture that is shown in place of a widget, while there is none. */
class StandIn {
  onHide = () => {};
  #isWanted = true;
  #renderer: Promise<OutputRenderer | undefined> | undefined;

  constructor(
    private readonly render: () => Promise<OutputRenderer | undefined>,
    private readonly panel: LuminoPanel,
  ) {}

  async show(): Promise<void> {
    if (!this.#isWanted || this.#renderer) return;
    this.#renderer = this.render();
    const renderer = await this.#renderer;
    if (!renderer) return;
    if (this.#isWanted && !this.panel.isDisposed) this.panel.addWidget(renderer);
    else renderer.dispose();
  }

  hide(): void {
    this.#isWanted = false;
    this.onHide();
    void this.#renderer?.then((renderer) => renderer?.dispose());
  }
}

/** Of a widget that the notebook kept without its kernel, ipywidgets says so. */
function stateOf(node: HTMLElement): "loading" | "failed" | "live" {
  if (node.querySelector(":scope > .jupyter-widgets-disconnected")) return "failed";
  const text = node.textContent ?? "";
  if (text.startsWith(FAILED)) return "failed";
  return text.startsWith(LOADING) || !node.firstElementChild ? "loading" : "live";
}

/** A saved output names its widget by our type alone. */
function withView(model: OutputModel): OutputModel {
  const data = { ...model.data, [WIDGET_TYPE]: model.data[OWN_TYPE] };
  return Object.create(model, { data: { value: data } });
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
  const stored = async (model: OutputModel): Promise<OutputRenderer | undefined> => {
    const { [OWN_TYPE]: _, [WIDGET_TYPE]: __, ...data } = model.data;
    const mimeType = rendermime.preferredMimeType(data, "any");
    const renderer = mimeType && rendermime.createRenderer(mimeType);
    if (renderer) await renderer.renderModel(model);
    return renderer || undefined;
  };
  const showStored = async (model: OutputModel): Promise<void> => {
    shown = "";
    delete panel.node.dataset.timelineNbModel;
    const renderer = await stored(model);
    for (const widget of [...panel.widgets]) widget.dispose();
    if (renderer) panel.addWidget(renderer);
  };
  const showLive = async (model: OutputModel, id: string): Promise<void> => {
    shown = id;
    for (const widget of [...panel.widgets]) widget.dispose();
    const renderer = rendermime.createRenderer(WIDGET_TYPE);
    panel.addWidget(renderer);
    const picture = new StandIn(() => stored(model), panel);
    const cover = () => {
      renderer.node.style.display = "none";
      void picture.show();
    };
    const check = () => {
      if (renderer.isDisposed) return;
      const state = stateOf(renderer.node);
      if (state === "failed") cover();
      if (state !== "live") return;
      watcher.disconnect();
      picture.hide();
      renderer.node.style.display = "";
      panel.node.dataset.timelineNbModel = id;
    };
    // A kernel that is on its way may bring the model yet.
    const watcher = new MutationObserver(check);
    const attributeFilter = ["class"];
    watcher.observe(renderer.node, { childList: true, subtree: true, attributeFilter });
    const late = window.setTimeout(cover, LATE_MS);
    picture.onHide = () => window.clearTimeout(late);
    renderer.disposed.connect(() => {
      watcher.disconnect();
      picture.hide();
    });
    try {
      await renderer.renderModel(withView(model));
    } catch (error) {
      // An output that is replaced meanwhile has no place for its widget any more.
      if (!renderer.isDisposed) throw error;
    }
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
