/** Show a file in JupyterLab's file browser, or copy its path. */

import { t } from "../../i18n";

interface App {
  readonly commands: {
    hasCommand(id: string): boolean;
    execute(id: string, args: object): Promise<unknown>;
  };
}

const GO_TO = "filebrowser:go-to-path";

/** Show a file where the page lets us, else copy its path; returns what was done. */
export async function revealFile(path: string): Promise<string> {
  const app = appOf(window);
  const below = belowRoot(path, serverRootOf(document));
  if (app?.commands.hasCommand(GO_TO) && below !== undefined) {
    await app.commands.execute(GO_TO, { path: below });
    return t("Opened in the file browser: {path}", { path: below });
  }
  await navigator.clipboard.writeText(path);
  return t("The path is copied: {path}", { path });
}

/** JupyterLab's application, where its page gives it away. */
function appOf(page: object): App | undefined {
  const { jupyterapp, jupyterlab } = page as { jupyterapp?: App; jupyterlab?: App };
  return [jupyterapp, jupyterlab].find(
    (app) => typeof app?.commands?.hasCommand === "function",
  );
}

function serverRootOf(page: Document): string {
  const text = page.getElementById("jupyter-config-data")?.textContent ?? "{}";
  try {
    const { serverRoot } = JSON.parse(text) as { serverRoot?: unknown };
    return typeof serverRoot === "string" ? serverRoot : "";
  } catch {
    return "";
  }
}

/** A path below the server's root, which may begin with `~`; undefined outside. */
export function belowRoot(path: string, root: string): string | undefined {
  const plain = path.replaceAll("\\", "/");
  const folder = root.replace(/\/$/, "");
  if (!folder) return undefined;
  if (!folder.startsWith("~")) {
    return plain.startsWith(`${folder}/`) ? plain.slice(folder.length + 1) : undefined;
  }
  const home = /^(\/root|\/(home|Users)\/[^/]+|[A-Za-z]:\/Users\/[^/]+)/.exec(plain);
  if (!home) return undefined;
  return belowRoot(plain, home[0] + folder.slice(1));
}
