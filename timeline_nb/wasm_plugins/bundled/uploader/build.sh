#!/bin/sh
# Builds uploader.wasm and uploader.json with the compiler that package-lock.json names.
# The bytes are the same each time. Exits with 3 where npm is missing.
set -e
cd "$(dirname "$0")"
command -v npm >/dev/null || { echo "needs npm: install Node 20 or newer" >&2; exit 3; }
[ -d node_modules ] || npm ci --no-fund --no-audit --loglevel=error >&2
npm run --silent build
node write_manifest.mjs
