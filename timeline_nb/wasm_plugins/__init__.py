"""Plugins in WebAssembly: other people's code, run within limits and permissions.

Nothing here imports wasmtime before a plugin runs.
"""
