"""Why wasmtime stopped a plugin, or does not run it, in words."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import wasmtime as wt

__all__ = ["refusal_reason", "trap_reason"]

_REASONS: Final = {
    "INTERRUPT": "it ran longer than {seconds:.3g} s",
    "STACK_OVERFLOW": "its calls are nested too deeply",
    "MEMORY_OUT_OF_BOUNDS": "it reached outside its memory",
    "UNREACHABLE": "it stopped itself",
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
        return "it was interrupted"
    words = code.lower().replace("_", " ")
    return _REASONS.get(code, words).format(seconds=seconds)


def refusal_reason(error: Exception) -> str:
    """Return why a module is not run."""
    text = str(error)
    if "memory" in text and ("limit" in text or "exceeds" in text):
        return "it asks for more memory than its level allows"
    if "table" in text or "count too high" in text:
        return "it asks for more tables than are allowed"
    return " ".join(text.split())[:200]
