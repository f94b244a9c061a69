#!/bin/sh
# Builds @FILE@.wasm and @FILE@.json. Needs clang and lld: apt-get install clang-14 lld-14
set -e
cd "$(dirname "$0")"
clang=${CLANG:-$(command -v clang-14 || command -v clang || echo clang-14)}
"$clang" --target=wasm32 -msimd128 -mbulk-memory -O3 -nostdlib -ffreestanding -Wall -Wextra \
    -Wl,--no-entry,--strip-all -Wl,-z,stack-size=65536 -o @FILE@.wasm plugin.c
