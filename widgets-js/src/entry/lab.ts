/**
 * The JupyterLab extension: a container of module federation, written by hand, as it
 * only uses packages that the page shares. Widgets work without it.
 */

import { makePanels } from "../lab/panels";
import { renderOutputs } from "../lab/renderer";
import {
  type LabApp,
  type Lumino,
  type NotebookTracker,
  type ShareScope,
  sharedModule,
} from "../lab/shared";

const NAME = "timeline-nb";

let scope: ShareScope = {};

async function plugins(): Promise<unknown> {
  const lumino = (await sharedModule(scope, "@lumino/widgets")) as Lumino;
  const { INotebookTracker } = (await sharedModule(scope, "@jupyterlab/notebook")) as {
    INotebookTracker: unknown;
  };
  const plugin = {
    id: `${NAME}:plugin`,
    description: "Opens timeline_nb's editor beside its notebook.",
    autoStart: true,
    optional: [INotebookTracker],
    activate: (app: LabApp, tracker: NotebookTracker | null) => {
      if (tracker) renderOutputs(lumino, tracker);
      // Notebook 7 shows one document in a window.
      if (app.name !== "JupyterLab") return;
      Object.assign(globalThis, { timelineNbPanels: makePanels(app, lumino) });
    },
  };
  return { __esModule: true, default: [plugin] };
}

const page = globalThis as typeof globalThis & {
  _JUPYTERLAB?: Record<string, unknown>;
};
page._JUPYTERLAB ??= {};
page._JUPYTERLAB[NAME] = {
  init: (shared: ShareScope) => {
    scope = shared;
  },
  get: async () => {
    const module = await plugins();
    return () => module;
  },
};
