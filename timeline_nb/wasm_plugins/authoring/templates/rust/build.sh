#!/bin/sh
# Builds @FILE@.wasm and @FILE@.json. Needs rustc with the target wasm32-unknown-unknown:
# apt-get install rustc libstd-rust-dev-wasm32 lld
set -e
cd "$(dirname "$0")"
"${RUSTC:-rustc}" --edition 2021 --target wasm32-unknown-unknown --crate-type cdylib \
    --crate-name plugin -C opt-level=3 -C panic=abort -C strip=symbols -C target-feature=+simd128 \
    --remap-path-prefix "$PWD=." -o @FILE@.wasm plugin.rs
