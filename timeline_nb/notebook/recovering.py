"""Edits that were never saved: list them, and open them."""

from timeline_nb.collaboration.unsaved import UnsavedEdit
from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import ProjectError
from timeline_nb.notebook.edit import Edit
from timeline_nb.project.whole_edit import parts_of
from timeline_nb.studio import Studio, default_studio

__all__ = ["recover", "unsaved_edits"]


def unsaved_edits(*, studio: Studio | None = None) -> list[UnsavedEdit]:
    """Return the edits that were never saved, or lost their project, the newest first.

    Each step of an edit is kept until it is saved; what a kernel leaves behind that was
    killed or restarted is listed here, and `tl.recover` opens it. Some 50 are kept.

    Args:
        studio: Whose folder of user data is looked at; the notebook's if not given.

    Example:
        >>> tl.unsaved_edits(studio=studio)  # nothing was left behind
        []
    """
    return _studio(studio).autosaves.unsaved.edits()


def recover(
    edit: UnsavedEdit | str | None = None, *, studio: Studio | None = None
) -> Edit:
    """Open an edit that was never saved, as its last step left it.

    Args:
        edit: One of `tl.unsaved_edits()`, or its name; the newest if not given.
        studio: Its caches and threads are used; the notebook's if not given.

    Raises:
        ProjectError: There is none, or it is being edited.

    Example:
        >>> tl.unsaved_edits()  # doctest: +SKIP
        [<UnsavedEdit 'street': 12 steps, the last 'trim' at 2026-05-04 12:00:31>]
        >>> cut = tl.recover()  # doctest: +SKIP
        >>> cut.save("street.tlp")  # doctest: +SKIP
    """
    studio = _studio(studio)
    found = _chosen(edit, studio)
    timeline, editor = parts_of(studio.autosaves.whole_of(found))
    made = Edit(timeline=timeline, studio=studio)
    made.journal.take_over(found)
    if editor:
        made.session.keep(lambda _: editor)
    return made


def _chosen(which: UnsavedEdit | str | None, studio: Studio) -> UnsavedEdit:
    """Return the unsaved edit that is meant.

    Raises:
        ProjectError: There is none, or several of the name.
    """
    if isinstance(which, UnsavedEdit):
        return which
    found = studio.autosaves.unsaved.edits()
    if which is not None:
        if not isinstance(which, str):
            raise ProjectError(
                f"recover({type(which).__name__}): give one of tl.unsaved_edits(), or "
                "its name"
            )
        found = [one for one in found if one.name == which]
    if not found:
        of = "" if which is None else f" of the name {which!r}"
        raise ProjectError(f"no unsaved edit{of} was found: see tl.unsaved_edits()")
    if which is not None and len(found) > 1:
        raise ProjectError(
            f"{len(found)} unsaved edits are named {which!r}: give one of "
            "tl.unsaved_edits()"
        )
    return found[0]


def _studio(given: Studio | None) -> Studio:
    if given is None:
        return default_studio()
    if not isinstance(given, Studio):
        raise ProjectError(
            f"studio={given!r} is {kind_of(given)}: give one of "
            "tl.open_studio(), or leave it out"
        )
    return given
