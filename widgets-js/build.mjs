// One ES module a widget, into the Python package, and JupyterLab's extension. The
// editor loads a second one; nothing else is loaded at run time.
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
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
const outdir = "../timeline_nb/widgets/static";

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

const options = {
  outdir,
  bundle: true,
  target,
  minify: true,
  // A module is UTF-8: signs stay as they are, in a third of the bytes.
  charset: "utf8",
  legalComments: "none",
  metafile: true,
};

const { metafile } = await build({
  ...options,
  entryPoints: Object.fromEntries(names.map((name) => [name, `src/entry/${name}.ts`])),
  format: "esm",
  plugins: [styles],
});

/** The modules of a bundle that have code in it, named by their paths in `src/`. */
function modulesOf(found, bundle) {
  const { inputs } = found.outputs[`${outdir}/${bundle}.js`];
  const withCode = Object.entries(inputs).filter(([, own]) => own.bytesInOutput > 0);
  return new Set(withCode.map(([path]) => nameOf(path)));
}

function nameOf(path) {
  return path.replace(/^src\//, "").replace(/\.ts$/, "");
}

const ofEditor = modulesOf(metafile, "editor");
const asked = new Set();

/** Modules that the editor has are not bundled again: they are asked for by name. */
const handedOver = {
  name: "handedOver",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const name = nameOf(relative(".", resolve(resolveDir, `${path}.ts`)));
      if (!ofEditor.has(name)) return undefined;
      asked.add(name);
      return { path: name, external: true };
    });
  },
};

// A function of what gives it the editor's modules by name, which returns what it has.
await build({
  ...options,
  entryPoints: { editorLater: "src/entry/editorLater.ts" },
  format: "cjs",
  banner: { js: "export default(require)=>{const module={};" },
  footer: { js: "return module.exports}" },
  plugins: [handedOver, styles],
});

const shared = await readFile("src/shared.ts", "utf8");
const given = new Set(
  [...shared.matchAll(/^ {2}"?([\w/]+)"?(?::|,)/gm)].map(([, n]) => n),
);
const wrong = [
  ...[...asked].filter((name) => !given.has(name)).map((name) => `+ ${name}`),
  ...[...given].filter((name) => !asked.has(name)).map((name) => `- ${name}`),
];
if (wrong.length) {
  throw new Error(`src/shared.ts does not fit editorLater:\n${wrong.join("\n")}`);
}

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
