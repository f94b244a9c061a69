// One ES module a widget, into the Python package, and JupyterLab's extension; nothing
// else is loaded at run time.
import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const names = [
  "loader",
  "timeline",
  "player",
  "overlay",
  "editor",
  "review",
  "signIn",
  "alone",
  "permissions",
];
const target = "es2022";

/** Style sheets travel inside the modules, as text. */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const { code } = await transform(css, { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

await build({
  entryPoints: Object.fromEntries(names.map((name) => [name, `src/entry/${name}.ts`])),
  outdir: "../timeline_nb/widgets/static",
  bundle: true,
  format: "esm",
  target,
  minify: true,
  // A module is UTF-8: signs stay as they are, in a third of the bytes.
  charset: "utf8",
  legalComments: "none",
  plugins: [styles],
});

// JupyterLab loads its extension as a script; beside it lies its package.json.
await build({
  entryPoints: { remoteEntry: "src/entry/lab.ts" },
  outdir: "../timeline_nb/server/labextension/static",
  bundle: true,
  format: "iife",
  target,
  minify: true,
  legalComments: "none",
});
