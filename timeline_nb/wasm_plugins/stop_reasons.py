"""Why wasmtime stopped a plugin, or does not run it, in words."""

from typing import TYPE_CHECKING, Final

from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.plugin_errors import ran_too_long

if TYPE_CHECKING:
    import wasmtime as wt

__all__ = ["refusal_reason", "trap_reason"]

_REASONS: Final[dict[str, str]] = {
    "STACK_OVERFLOW": Message("its calls are nested too deeply"),
    "MEMORY_OUT_OF_BOUNDS": Message("it reached outside its memory"),
    "UNREACHABLE": Message("it stopped itself"),
}


def trap_reason(trap: "wt.Trap", seconds: float, *, was_interrupted: bool) -> str:
    """Return why code was stopped.

    Args:
        trap: What stopped it.
        seconds: Its limit.
        was_interrupted: Whether somebody stopped it.
    """
    # Its text has names of functions, which are the plugin's.
    code = trap.trap_code.name if trap.trap_code else "TRAP"
    if code == "INTERRUPT" and was_interrupted:
        return Message("it was interrupted")
    if code == "INTERRUPT":
        return ran_too_long(seconds)
    return _REASONS.get(code, code.lower().replace("_", " "))


def refusal_reason(error: Exception) -> str:
    """Return why a module is not run."""
    text = str(error)
    if "memory" in text and ("limit" in text or "exceeds" in text):
        return Message("it asks for more memory than its level allows")
    if "table" in text or "count too high" in text:
        return Message("it asks for more tables than are allowed")
    return " ".join(text.split())[:200]
