"""The permissions widget: what a plugin asks for, with buttons that allow it."""

from timeline_nb.studio import Studio
from timeline_nb.widgets.channel import Channel
from timeline_nb.widgets.permissions_part import PermissionsPart

__all__ = ["PermissionsWidget"]


class PermissionsWidget(Channel):
    """Shows what a plugin asks for; a person allows all of it, a part, or nothing.

    Args:
        studio: Whose plugin it is.
        plugin: Its id.

    Raises:
        FileNotFoundError: The front end was not built.
    """

    front_end = "permissions"

    def __init__(self, studio: Studio, plugin: str) -> None:
        super().__init__()
        self._plugin = plugin
        part = PermissionsPart(self.post, studio, plugin)
        self._assemble(part, language=studio.language)

    def __repr__(self) -> str:
        return f"<Permissions of {self._plugin}>"
