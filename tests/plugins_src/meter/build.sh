#!/bin/sh
# Builds meter.wasm and its manifest with Debian's clang-14 and lld-14. The bytes are the
# same each time.
set -e
cd "$(dirname "$0")"
"${CLANG:-clang-14}" --target=wasm32 -O2 -nostdlib -ffreestanding -fno-builtin-memcpy \
    -mbulk-memory -Wl,--no-entry,--strip-all -Wl,-z,stack-size=65536 -o meter.wasm meter.c
cat > meter.json <<END
{
  "id": "timeline-nb.test.meter",
  "version": "1.0.0",
  "abi": 1,
  "name": "Meter",
  "about": "Measures brightness, motion and loudness; reads and writes lists of cuts.",
  "types": ["analyzer", "importer", "exporter"],
  "license": "Apache-2.0",
  "analyzers": [
    {
      "name": "brightness",
      "about": "The mean of all bytes of a picture.",
      "columns": [
        {"name": "mean", "about": "0 to 255"},
        {"name": "label", "type": "text", "about": "dark or light"}
      ],
      "args": {
        "properties": {
          "least": {"type": "integer", "minimum": 0, "maximum": 255, "default": 0}
        }
      }
    },
    {
      "name": "motion",
      "about": "The mean difference of all bytes to the picture before.",
      "columns": [{"name": "change", "about": "0 to 255"}]
    },
    {
      "name": "loudness",
      "about": "The root of the mean square of a block, and its greatest sample.",
      "of": "sound",
      "columns": [{"name": "rms"}, {"name": "peak"}]
    }
  ],
  "importers": [{"name": "cuts", "suffixes": [".cuts"], "about": "One clip a line."}],
  "exporters": [{"name": "cuts", "suffixes": [".cuts"], "about": "One clip a line."}],
  "sha256": "$(sha256sum meter.wasm | cut -d ' ' -f 1)"
}
END
