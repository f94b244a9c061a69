"""An edit as a template: texts, clips and subtitles are replaced by a row's values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.core.structs import from_builtins, to_builtins
from timeline_nb.errors import NotebookError
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.runs.film_names import columns_of, filled
from timeline_nb.runs.rows import Row
from timeline_nb.timeline.model import Clip, Timeline

if TYPE_CHECKING:
    from timeline_nb.notebook.edit import Edit

__all__ = ["EditTemplate"]

# The parameter of titles and the field of subtitles that hold what is read.
_TEXT = "text"


@dataclass(frozen=True)
class EditTemplate:
    """An edit of which a row makes another one.

    Args:
        edit: It stays as it is.
        clips: The column with the media's path, by the name or id of a clip.
        subtitles: A template of the path of a subtitle file; none is read if empty.
        columns: Of the table.
    """

    edit: "Edit"
    clips: Mapping[str, str] = field(default_factory=dict)
    subtitles: str = ""
    columns: frozenset[str] = frozenset()

    def check(self) -> None:
        """Check that every name that the template uses is a column.

        Raises:
            NotebookError: One is not, or there is no such clip, or nothing would be
                replaced.
        """
        used = set(columns_of(self.subtitles, field="subtitles"))
        for text in _texts(to_builtins(self.edit.timeline)):
            used |= set(columns_of(text, field="a text of the edit"))
        for clip, column in self.clips.items():
            self._named(clip)
            used.add(column)
        for name in sorted(used - self.columns - {"row"}):
            raise NotebookError(
                f"{self.edit.name!r} takes values of {quoted(name)}, and the table has "
                f"no such column{suggestion(name, self.columns)}"
            )
        if not used:
            raise NotebookError(
                f"nothing of {self.edit.name!r} is of the table, so that all films "
                "would be the same: write {column} into a title or a subtitle, or give "
                "clips= or subtitles="
            )

    def made(self, row: Row, number: int) -> "Edit":
        """Return the edit of a row.

        Raises:
            TimelineNbError: A value cannot be used.
        """
        whole = {**dict.fromkeys(self.columns, ""), **row}
        document = _replaced(to_builtins(self.edit.timeline), whole, number)
        timeline = from_builtins(document, Timeline)
        made = type(self.edit)(timeline=timeline, studio=self.edit.studio)
        for name, column in self.clips.items():
            if column not in row:
                continue
            media = open_media(row[column], studio=self.edit.studio)
            for clip in self._named(name):
                made.replace(clip.id, media)
        if self.subtitles:
            path = filled(self.subtitles, whole, number, field="subtitles")
            for track in [t for t in timeline.tracks if t.kind == "subtitle"]:
                made.remove_track(track.name)
            made.subtitles.read(path)
        return made

    def _named(self, name: str) -> list[Clip]:
        items = [i for t in self.edit.timeline.tracks for i in t.items]
        clips = [one for one in items if isinstance(one, Clip)]
        found = [one for one in clips if name in {one.id, one.name}]
        if not found:
            known = [one.name or one.id for one in clips]
            raise NotebookError(
                f"{self.edit.name!r} has no clip named {quoted(name)}"
                f"{suggestion(name, dict.fromkeys(known))}"
            )
        # Linked sound is replaced with its picture.
        links = {one.link for one in found if one.link}
        firsts = {link: next(o for o in found if o.link == link) for link in links}
        return [one for one in found if not one.link or firsts[one.link] is one]


def _texts(value: Any) -> Iterable[str]:
    """Yield the texts within a timeline: those of titles and of subtitles."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name == _TEXT and isinstance(part, str):
                yield part
            else:
                yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


def _replaced(value: Any, row: Row, number: int) -> Any:
    if isinstance(value, dict):
        return {
            name: filled(part, row, number, field="a text of the edit")
            if name == _TEXT and isinstance(part, str)
            else _replaced(part, row, number)
            for name, part in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_replaced(part, row, number) for part in value]
    return value
