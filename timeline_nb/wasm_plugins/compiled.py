"""Compiled modules on disk: native code, which is only run if its seal is right.

`Module.deserialize` runs whatever it is given. So the cache is private to its owner,
and each file carries an HMAC under a key that lies in another folder.
"""

import hmac
import platform
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from timeline_nb.core.app_dirs import cached_if_possible
from timeline_nb.core.child_process import run_module
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.private_files import private_key, write_private
from timeline_nb.core.telemetry.metrics import count_look
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.engine import CONFIG, wasmtime

__all__ = ["CompileLimits", "CompiledModules"]

_CHILD: Final = "timeline_nb.wasm_plugins.compile_child"
_SEAL_BYTES: Final = 32
_CODE_BYTES: Final = 256 << 20


@dataclass(frozen=True, kw_only=True)
class CompileLimits:
    """What the compiling of one module may take.

    Args:
        time_s: Seconds. 50 KB take 0.1 s, and a function of 5.9 MB 8 s.
        memory_bytes: Resident memory of the process that compiles.
    """

    time_s: float = 20.0
    memory_bytes: int = 1 << 30


@dataclass
class CompiledModules:
    """Compiles modules in a process of their own, and keeps the code.

    Args:
        folder: The cache.
        key_path: The file of the key that seals the code.
        limits: What compiling may take.
    """

    folder: Path
    key_path: Path
    limits: CompileLimits = field(default_factory=CompileLimits)

    def code_of(self, wasm: bytes, sha256: str, name: str) -> bytes:
        """Return the code of a module, for this version of wasmtime and machine.

        Args:
            wasm: The module.
            sha256: Its hash.
            name: How messages call the plugin.

        Raises:
            PluginError: It cannot be compiled within the limits.
        """
        wasmtime()  # says how to install it
        label = f"{sha256} {_compiler()}"
        path = self.folder / f"{hmac.digest(b'', label.encode(), 'sha256').hex()}.code"
        with file_errors(self.key_path, PluginError, verb="read or written"):
            key = private_key(self.key_path)
        known = self._known(path, key, label)
        count_look("plugins", hit=known is not None)
        if known is not None:
            return known
        code = self._compile(wasm, name)
        with cached_if_possible(self.folder):
            write_private(path, _seal(key, label, code) + code)
        return code

    def _known(self, path: Path, key: bytes, label: str) -> bytes | None:
        try:
            if path.is_symlink() or path.stat().st_size > _CODE_BYTES:
                return None
            data = path.read_bytes()
        except OSError:
            return None
        seal, code = data[:_SEAL_BYTES], data[_SEAL_BYTES:]
        # What was checked is what runs: the file is not read again.
        return code if hmac.compare_digest(seal, _seal(key, label, code)) else None

    def _compile(self, wasm: bytes, name: str) -> bytes:
        limits = self.limits
        try:
            result = run_module(
                _CHILD,
                given=wasm,
                time_s=limits.time_s,
                memory_bytes=limits.memory_bytes,
            )
        except OSError as error:
            raise PluginError(
                Message(
                    "the plugin {name} cannot be compiled in a process of its "
                    "own: {error}",
                    name=name,
                    error=error,
                )
            ) from error
        if result.end == "slow":
            raise PluginError(
                Message(
                    "compiling the plugin {name} takes longer than {time_s} s",
                    name=name,
                    time_s=f"{limits.time_s:g}",
                )
            )
        if result.end == "large" or len(result.output) > _CODE_BYTES:
            raise PluginError(
                Message(
                    "compiling the plugin {name} takes more than {memory_bytes} MiB",
                    name=name,
                    memory_bytes=f"{limits.memory_bytes >> 20:,}",
                )
            )
        if result.code or not result.output:
            last = (result.error.strip().splitlines() or ["it said nothing"])[-1]
            raise PluginError(
                Message(
                    "the plugin {name} cannot be compiled: {last}",
                    name=name,
                    last=last[:300],
                )
            )
        return result.output


@cache
def _compiler() -> str:
    """Return what compiled code depends on besides the module."""
    release = version("wasmtime")
    machine = f"{platform.machine()} {platform.system()}"
    return f"{release} {machine} {sorted(CONFIG.items())}"


def _seal(key: bytes, label: str, code: bytes) -> bytes:
    return hmac.digest(key, label.encode() + b"\0" + code, "sha256")
