"""What messages say of a plugin that wasmtime stopped, or did not start."""

from typing import Final

__all__ = ["REASONS", "reason_of_refusal"]

# By the code of a trap.
REASONS: Final = {
    "INTERRUPT": "it ran longer than {seconds:.3g} s",
    "STACK_OVERFLOW": "its calls are nested too deeply",
    "MEMORY_OUT_OF_BOUNDS": "it reached outside its memory",
    "UNREACHABLE": "it stopped itself",
}


def reason_of_refusal(error: Exception) -> str:
    """Return why wasmtime refused an instance, in words."""
    text = str(error)
    if "memory" in text and ("limit" in text or "exceeds" in text):
        return "it asks for more memory than its level allows"
    if "table" in text or "count too high" in text:
        return "it asks for more tables than are allowed"
    return " ".join(text.split())[:200]
