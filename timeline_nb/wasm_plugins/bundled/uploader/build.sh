#!/bin/sh
# Builds uploader.wasm and uploader.json with the compiler that package-lock.json names.
# The bytes are the same each time.
set -e
cd "$(dirname "$0")"
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --no-fund --no-audit --prefer-offline --loglevel=error >&2
fi
npm run --silent build
node write_manifest.mjs
