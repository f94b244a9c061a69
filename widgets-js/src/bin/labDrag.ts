/**
 * Drags out of JupyterLab's file browser, as drags of the page.
 *
 * Lab moves files by events of its own (Lumino's `lm-dragover`, `lm-drop`), with paths
 * below the server's folder. They are sent on as events of the DOM, so that the bin and
 * the timeline know one kind of drag.
 */

/** The type of JupyterLab's files while they are dragged; here, paths as JSON. */
export const LAB_FILES = "application/x-jupyter-icontents";

interface LabDragEvent extends MouseEvent {
  readonly mimeData?: { getData(type: string): unknown };
  readonly proposedAction: string;
  dropAction: string;
}

const TYPES: Readonly<Record<string, string>> = {
  "lm-dragover": "dragover",
  "lm-dragleave": "dragleave",
  "lm-drop": "drop",
};

/** Take part in Lab's drags of files over an element. */
export function attachLabDrags(root: HTMLElement): () => void {
  const onDrag = (raw: Event) => {
    const event = raw as LabDragEvent;
    const paths = event.mimeData?.getData(LAB_FILES);
    if (!Array.isArray(paths)) return;
    // Who takes the entering gets the rest; the notebook around does not.
    event.preventDefault();
    event.stopPropagation();
    const type = TYPES[event.type];
    if (!type) return;
    const sent = domEvent(type, event, paths);
    const isTaken = !(event.target as Element).dispatchEvent(sent);
    event.dropAction = isTaken ? event.proposedAction : "none";
  };
  const types = ["lm-dragenter", ...Object.keys(TYPES)];
  for (const type of types) root.addEventListener(type, onDrag);
  return () => {
    for (const type of types) root.removeEventListener(type, onDrag);
  };
}

function domEvent(type: string, event: LabDragEvent, paths: unknown[]): Event {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData(LAB_FILES, JSON.stringify(paths));
  const { clientX, clientY, shiftKey, ctrlKey, altKey, metaKey } = event;
  return new DragEvent(type, {
    bubbles: true,
    cancelable: true,
    clientX,
    clientY,
    shiftKey,
    ctrlKey,
    altKey,
    metaKey,
    dataTransfer,
  });
}

/** The paths in a drop of Lab's files, as the kernel's machine has them. */
export function labPaths(transfer: DataTransfer): readonly string[] {
  const text = transfer.getData(LAB_FILES);
  if (!text) return [];
  const paths: unknown = JSON.parse(text);
  const root = serverRoot(
    document.getElementById("jupyter-config-data")?.textContent ?? "",
  );
  return (Array.isArray(paths) ? paths : [])
    .filter((path): path is string => typeof path === "string")
    .map((path) => (root ? `${root.replace(/\/$/, "")}/${path}` : path));
}

/** The folder that a server's paths are below, in its page's data; empty if unknown. */
export function serverRoot(data: string): string {
  try {
    const { serverRoot: root } = JSON.parse(data) as { serverRoot?: unknown };
    return typeof root === "string" ? root : "";
  } catch {
    return "";
  }
}
