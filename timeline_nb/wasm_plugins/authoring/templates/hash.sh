# The manifest states which module it was made for.
hash=$( (sha256sum @FILE@.wasm 2>/dev/null || shasum -a 256 @FILE@.wasm) | cut -d ' ' -f 1)
sed "1s/{/{ \"sha256\": \"$hash\",/" manifest.json > @FILE@.json
chmod 644 @FILE@.wasm
