"""A step that is made at any moment of joining is one's own, and is undone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import timeline_nb as tl
from timeline_nb.access.scope import Scope
from timeline_nb.collaboration import sharing
from timeline_nb.collaboration.sharing import Sharing
from timeline_nb.timeline.model import Timeline


class _Journal:
    """The part of a journal that joining asks."""

    def __init__(self, saved: Timeline, *, is_first: bool) -> None:
        self._saved, self._is_first = saved, is_first

    def saved_state(self) -> tuple[Timeline, str]:
        return self._saved, "digest"

    def file_digest(self) -> str:
        return "digest"

    def keeps_journal(self) -> bool:
        return self._is_first

    def keep_journal(self) -> None:
        return

    def follow_instead(self) -> None:
        return

    def end_following(self) -> Timeline | None:
        return None

    def shared_file_is(self, *_: object) -> None:
        raise AssertionError

    def sharing_changed(self) -> None:
        return


class Person:
    """Somebody with the project open, who shares it when told to.

    Args:
        path: The project.
        is_first: Whether the project's journal is written here.
    """

    def __init__(self, path: Path, *, is_first: bool) -> None:
        settings = tl.Settings(roots=[path.parent], autosave=False)
        self.studio = tl.open_studio(settings)
        self.cut = tl.load(path, studio=self.studio)
        self.session = self.cut.session
        self.journal = _Journal(self.session.timeline, is_first=is_first)
        self.sharing = Sharing(
            self.session,
            path,
            self.journal,
            at_once=True,
            rescue=lambda *_: None,
            scope=Scope([path.parent]),
            max_bytes=1 << 28,
        )
        # It is this thread that shares, in turns.
        self.sharing._thread = threading.current_thread()

    def turn(self) -> None:
        self.sharing._turn(0.0)

    @property
    def texts(self) -> list[str]:
        return [clip.name for clip in self.cut.clips]


@pytest.fixture
def people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Person, Person]]:
    """One who shares a project, and one who has it open, too."""
    monkeypatch.setenv("TIMELINE_NB_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(sharing, "_STEP_WAIT_S", 0)
    with ExitStack() as stack:
        path = tmp_path / "film.tlp"
        cut = tl.Edit("street", rate=25, size=(64, 48))
        for n, text in enumerate(("one", "two")):
            cut.titles.add(text, start=n, end=n + 1)
        cut.save(path)
        first = Person(path, is_first=True)
        stack.enter_context(first.studio)
        second = Person(path, is_first=False)
        stack.enter_context(second.studio)
        first.turn()
        # Of the same number as what the second places.
        first.cut.titles.add("theirs", start=2, end=3)
        first.turn()
        yield first, second


def _meanwhile(
    owner: object, name: str, step: Callable[[], object], *, is_after: bool
) -> None:
    """Have a step made before or after the first call of a method."""
    method, steps = getattr(owner, name), [step]

    def call(*args: object, **named: object) -> object:
        if not is_after and steps:
            steps.pop()()
        made = method(*args, **named)
        if is_after and steps:
            steps.pop()()
        return made

    setattr(owner, name, call)


_MOMENTS = [
    ("journal", "saved_state"),
    ("journal", "keeps_journal"),
    ("journal", "end_following"),
    ("sharing", "_entered"),
    ("session", "share"),
    ("sharing", "_begin"),
    ("sharing", "_take"),
    ("sharing", "_show"),
    ("session", "apply_other"),
]


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(("part", "name"), _MOMENTS)
def test_a_step_made_while_joining_is_undone_by_who_made_it(
    people: tuple[Person, Person], *, part: str, name: str, is_after: bool
) -> None:
    first, second = people

    def step() -> None:
        second.cut.titles.add("mine", start=10, end=11)

    _meanwhile(getattr(second, part), name, step, is_after=is_after)
    for person in (second, first, second, first, second):
        person.turn()
    for person in people:
        assert person.texts == ["one", "two", "theirs", "mine"]
        assert person.session.undo_label == "title"
    assert second.session.timeline == _as_of(first, second)
    # Each takes back its own, and nothing else.
    second.cut.undo()
    assert second.texts == ["one", "two", "theirs"]
    second.cut.redo()
    for person in (second, first):
        person.turn()
    assert first.texts == ["one", "two", "theirs", "mine"]
    first.cut.undo()
    assert first.texts == ["one", "two", "mine"]
    now = second.session.overview.now
    second.session.go_to(0)
    assert second.texts == ["one", "two", "theirs"]
    second.session.go_to(now)
    assert second.texts == ["one", "two", "theirs", "mine"]


def _as_of(one: Person, other: Person) -> Timeline:
    """The timeline of one, whose next item would have the number of the other's."""
    import msgspec

    number = other.session.timeline.next_id
    return msgspec.structs.replace(one.session.timeline, next_id=number)


def test_a_clip_that_was_taken_before_joining_is_found(
    people: tuple[Person, Person],
) -> None:
    first, second = people
    second.cut.titles.add("mine", start=10, end=11)
    clip = second.cut.clips[-1]
    for person in (second, first, second):
        person.turn()
    # Theirs has its id.
    assert first.cut.clips[2].id == clip.id
    second.cut.set(clip, name="found")
    assert second.texts == ["one", "two", "theirs", "found"]


def test_an_id_that_was_known_before_joining_names_the_same_clip(
    people: tuple[Person, Person],
) -> None:
    first, second = people
    for n in range(2):
        second.cut.titles.add(f"mine {n}", start=10 + n, end=11 + n)
    key = second.cut.clips[-1].id
    for person in (second, first, second):
        person.turn()
    second.cut.set(key, name="found")
    assert second.texts == ["one", "two", "theirs", "mine 0", "found"]
    with pytest.raises(tl.TimelineError, match="no item with the id 'c99'"):
        second.cut.set("c99", name="found")
