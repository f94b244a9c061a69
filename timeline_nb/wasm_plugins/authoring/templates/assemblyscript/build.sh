#!/bin/sh
# Builds @FILE@.wasm and @FILE@.json. Needs npm, which fetches the compiler the first time.
set -e
cd "$(dirname "$0")"
[ -d node_modules ] || npm install --no-fund --no-audit --loglevel=error
npx --no-install asc plugin.ts -O3 --enable simd --runtime minimal --use abort= -o @FILE@.wasm
