/** What is used of JupyterLab's own packages, which a page shares with extensions. */

export interface LuminoWidget {
  readonly node: HTMLElement;
  readonly isDisposed: boolean;
  id: string;
  readonly title: { label: string; caption: string; closable: boolean };
  readonly disposed: { connect(slot: () => void): void };
  addClass(name: string): void;
  onCloseRequest(): void;
  dispose(): void;
}

export interface LuminoPanel extends LuminoWidget {
  readonly widgets: readonly LuminoWidget[];
  addWidget(widget: LuminoWidget): void;
}

export interface Lumino {
  readonly Widget: new (options?: { node?: HTMLElement }) => LuminoWidget;
  readonly Panel: new () => LuminoPanel;
}

/** An output of a cell, by media type. */
export interface OutputModel {
  readonly data: { readonly [mimeType: string]: unknown };
  readonly metadata: { readonly [name: string]: unknown };
  readonly trusted: boolean;
}

export interface OutputRenderer extends LuminoWidget {
  renderModel(model: OutputModel): Promise<void>;
}

export interface Factory {
  readonly safe: boolean;
  readonly mimeTypes: readonly string[];
  createRenderer(): OutputRenderer;
}

export interface RenderMime {
  createRenderer(mimeType: string): OutputRenderer;
  preferredMimeType(data: OutputModel["data"], safe: string): string | undefined;
  addFactory(factory: Factory, rank: number): void;
}

export interface NotebookPanel extends LuminoWidget {
  readonly content: { readonly rendermime: RenderMime };
}

export interface NotebookTracker {
  readonly widgetAdded: {
    connect(slot: (sender: unknown, panel: NotebookPanel) => void): void;
  };
  forEach(visit: (panel: NotebookPanel) => void): void;
}

export interface LabApp {
  readonly name: string;
  readonly shell: {
    readonly currentWidget: LuminoWidget | null;
    add(widget: LuminoWidget, area: "main", options: object): void;
    activateById(id: string): void;
  };
}

interface SharedPackage {
  get(): Promise<() => unknown>;
  readonly loaded?: unknown;
}

/** What module federation hands to an extension: packages by name and version. */
export interface ShareScope {
  readonly [name: string]: { readonly [version: string]: SharedPackage } | undefined;
}

/** A package that the page has; its version in use, if there are several. */
export async function sharedModule(scope: ShareScope, name: string): Promise<unknown> {
  const versions = Object.values(scope[name] ?? {});
  const chosen = versions.find((one) => one.loaded) ?? versions[0];
  if (!chosen) throw new Error(`this page shares no package ${name}`);
  return (await chosen.get())();
}
