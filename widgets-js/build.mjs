// One ES module a widget, into the Python package; nothing else is loaded at run time.
import { build } from "esbuild";

await build({
  entryPoints: { strip: "src/strip/index.ts" },
  outdir: "../timeline_nb/widgets/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
});
