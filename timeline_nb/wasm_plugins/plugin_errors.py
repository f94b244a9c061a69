"""Why a plugin does not do what it is asked for, for the person who asks."""

from typing import Final

from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message

__all__ = ["not_called", "not_in_use", "ran_too_long", "was_stopped"]

# Other states are passed through in a moment, and named as programs know them.
_STATES: Final[dict[str, str]] = {
    "loaded": Message("loaded"),
    "stopped": Message("stopped"),
    "stopping": Message("stopping"),
}


def ran_too_long(seconds: float) -> Message:
    """Return why code was stopped at the end of its time."""
    return Message("it ran longer than {seconds} s", seconds=f"{seconds:.3g}")


def was_stopped(name: str, reason: str) -> PluginError:
    """Return the error of a plugin that was stopped while it ran."""
    return PluginError(
        Message("the plugin {name} was stopped: {why}", name=name, why=reason)
    )


def not_called(name: str, reason: str) -> PluginError:
    """Return the error of a plugin that has failed before."""
    return PluginError(
        Message(
            "the plugin {name} is not called any more: {why}; "
            "tl.plugins.plugin({quoted}).start() tries it again",
            name=name,
            why=reason,
            quoted=repr(name),
        )
    )


def not_in_use(name: str, state: str) -> PluginError:
    """Return the error of a plugin that cannot be called in its state."""
    shown = _STATES.get(state, state)
    return PluginError(Message("the plugin {name} is {state}", name=name, state=shown))
