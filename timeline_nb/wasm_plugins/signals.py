"""What plugins do that a person sees: messages, refusals, changes, new panels."""

import sys

from timeline_nb.core.signals import Signal

__all__ = ["PluginSignals"]


class PluginSignals:
    """Signals of a studio's plugins; they are there before a plugin is installed.

    Attributes:
        changed: Emits the id of a plugin that was installed or removed, or whose
            permissions changed.
        message: Emits a plugin's id and what it says to the person.
        refused: Emits the id of a plugin that was refused something.
        panel: Emits the id of a plugin whose panel has something new to show.
    """

    def __init__(self) -> None:
        self.changed: Signal[str] = Signal("plugins")
        self.message: Signal[str, str] = Signal("messages of plugins")
        self.refused: Signal[str] = Signal("refusals of plugins")
        self.panel: Signal[str] = Signal("panels of plugins")
        # What each plugin wrote last.
        self._written: dict[str, str] = {}

    def say(self, plugin: str, text: str) -> None:
        """Show a message: in the editors that are open, else on standard error.

        Args:
            plugin: Its id, which stands before what it says.
            text: Printable, in one line; it is written once where it repeats.
        """
        if len(self.message):
            self.message.emit(plugin, text)
        elif self._written.get(plugin) != text:
            self._written[plugin] = text
            sys.stderr.write(f"the plugin {plugin} says: {text}\n")
            sys.stderr.flush()
