"""A person who edits, looks, plays, renders and detects, by chance but repeatably."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from widgets.wire import Wire

import timeline_nb as tl

# What an edit holds at most: more would measure the edit, not what is left behind.
MOST_CLIPS = 12
MOST_MARKERS = 5
EDITS_A_ROUND = 20


class Person:
    """Uses an editor, cells and files of one studio.

    Args:
        studio: Where everything runs.
        paths: Media to cut from.
        folder: Where films and projects go.
        random: Decides everything.
    """

    def __init__(
        self, studio: tl.Studio, paths: list[Path], folder: Path, random: Random
    ) -> None:
        self._studio, self._folder, self._random = studio, folder, random
        self._streams = count(1)
        self._media = [tl.open(path, studio=studio) for path in paths]
        self._patch = pytest.MonkeyPatch()
        self._cut = tl.Edit("soak", rate=25, size=(320, 240), studio=studio)
        self._cut.append(self._media[0].clip(0, "1s"))
        self._wire = Wire(tl.Editor(self._cut), self._patch)
        self._wire.hello()

    def work(self) -> None:
        """Do a round of everything."""
        for _ in range(EDITS_A_ROUND):
            self._random.choice(self._edits())()
            if self._random.random() < 0.5:
                self._scrub()
        self._play()
        self._second_view()
        self._render()
        self._detect()
        self._save_and_load()
        # The version that is shown is told once; all else would grow here.
        self._wire.told[:] = [self._wire.last("playerSource")]

    def leave(self) -> None:
        """Close the editor."""
        self._wire.widget.close()
        self._patch.undo()

    def _edits(self) -> list[Callable[[], object]]:
        clips = self._cut.clips
        if len(clips) < 2:
            return [self._append]
        if len(clips) >= MOST_CLIPS:
            return [self._delete]
        return [
            self._append,
            self._delete,
            self._trim,
            self._add_effect,
            self._mark,
            self._drag,
            self._cut.undo,
            self._refuse,
        ]

    def _append(self) -> None:
        media = self._random.choice(self._media)
        start = self._random.randrange(20)
        self._cut.append(media.clip(f"{start}f", f"{start + 20}f"))

    def _delete(self) -> None:
        self._cut.delete(self._random.randrange(len(self._cut.clips)))

    def _trim(self) -> None:
        self._cut.ripple(len(self._cut.clips) - 1, tail="-2f")

    def _add_effect(self) -> None:
        kind = self._random.choice(["gaussian_blur", "vignette", "hue"])
        self._cut.effects.add(0, kind)

    def _mark(self) -> None:
        for marker in self._cut.timeline.markers[:-MOST_MARKERS]:
            self._cut.markers.remove(marker.name)
        self._cut.markers.add("1f", name=f"mark {self._random.random()}")

    def _drag(self) -> None:
        item = self._random.choice([row.id for row in self._cut.clips])
        to_s = self._random.random() * 3
        self._wire.ask("trim", item=item, edge="tail", toS=to_s, tool="ripple")

    def _refuse(self) -> None:
        with pytest.raises(tl.TimelineNbError):
            self._cut.delete("no such clip")

    def _scrub(self) -> None:
        numbers = [self._random.randrange(20) for _ in range(3)]
        size = {"widthPx": 160, "heightPx": 120}
        self._ask("askFrames", version=self._version, numbers=numbers, **size)

    def _play(self) -> None:
        stream = next(self._streams)
        fields = {"version": self._version, "first": 0, "sound": "aac", "untilS": 1.0}
        self._ask("play", stream=stream, **fields)
        self._ask("stop", stream=stream)

    @property
    def _version(self) -> int:
        version: int = self._wire.last("playerSource")[0]["version"]
        return version

    def _second_view(self) -> None:
        self._wire.hello(view="second")
        self._ask("askThumbs", media=0, timesS=[0.0, 0.5])
        self._wire.ask("bye", view="second")
        with pytest.MonkeyPatch.context() as patch:
            player = tl.Player(self._media[0], studio=self._studio)
            Wire(player, patch).hello()
            player.close()

    def _render(self) -> None:
        film = self._folder / "film.mp4"
        self._cut.render(film).cancel()
        self._cut.render(film).wait()

    def _detect(self) -> None:
        start = self._random.randrange(200)
        end = f"{start + 8}f"
        self._media[1].detect(start=f"{start}f", end=end, every=4).to_dataframe()

    def _save_and_load(self) -> None:
        project = self._folder / "soak.tlp"
        self._cut.save(project)
        tl.load(project, studio=self._studio)

    def _ask(self, kind: str, **fields: Any) -> None:
        answer = self._wire.ask(kind, **fields)
        assert answer.get("kind") != "refused", answer
