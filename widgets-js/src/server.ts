/** The server beside the kernel, where there is one: media files over HTTP. */

let asked: Promise<string> | undefined;

/**
 * The base URL of a server that gives files to the page; empty if there is none.
 *
 * Asked once for a page: all that it gives goes through the kernel as well.
 */
export function serverBase(): Promise<string> {
  asked ??= findServer();
  return asked;
}

async function findServer(): Promise<string> {
  const base = baseOf(document.getElementById("jupyter-config-data")?.textContent);
  if (!base) return "";
  try {
    const answer = await fetch(`${base}timeline_nb/health`);
    const report: unknown = answer.ok ? await answer.json() : undefined;
    return typeof report === "object" && report && "checks" in report ? base : "";
  } catch {
    return "";
  }
}

/** The base URL in a Jupyter page's data, with a slash at its end; empty if foreign. */
export function baseOf(data: string | null | undefined): string {
  try {
    const { baseUrl } = JSON.parse(data ?? "{}") as { baseUrl?: unknown };
    if (typeof baseUrl !== "string") return "";
    const url = new URL(baseUrl, location.href);
    if (url.origin !== location.origin) return "";
    return url.href.endsWith("/") ? url.href : `${url.href}/`;
  } catch {
    return "";
  }
}
