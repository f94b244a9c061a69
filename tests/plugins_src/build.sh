#!/bin/sh
# Builds blur.wasm and its manifest with Debian's clang-14 and lld-14. The bytes are the
# same each time.
set -e
cd "$(dirname "$0")"
"${CLANG:-clang-14}" --target=wasm32 -msimd128 -O3 -nostdlib -ffreestanding \
    -Wl,--no-entry,--strip-all -Wl,-z,stack-size=65536 -o blur.wasm blur.c
cat > blur.json <<END
{
  "id": "timeline-nb.test.blur",
  "version": "1.0.0",
  "abi": 1,
  "name": "Box blur",
  "about": "Replace each pixel by the mean of a square around it.",
  "types": ["effect"],
  "license": "Apache-2.0",
  "effects": [
    {
      "name": "box_blur",
      "about": "Replace each pixel by the mean of a square around it.",
      "parameters": [
        {"name": "radius_px", "default": 8, "low": 0, "high": 64, "about": "Half the square's side."}
      ]
    }
  ],
  "sha256": "$(sha256sum blur.wasm | cut -d ' ' -f 1)"
}
END
