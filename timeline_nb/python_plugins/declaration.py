"""What a Python plugin declares: functions, each by a decorator of one object."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar, get_args

from timeline_nb.core.event_types import EVENT_KINDS, EventKind
from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.parameters import Parameter
from timeline_nb.errors import PluginError
from timeline_nb.python_plugins.declared import (
    DeclaredAnalyzer,
    DeclaredCommand,
    DeclaredDetector,
    DeclaredEffect,
    DeclaredFormat,
    Listener,
    name_of,
)
from timeline_nb.python_plugins.declared_names import (
    is_name,
    is_text,
    naming,
    own_arguments,
    own_names,
)
from timeline_nb.python_plugins.signature import arguments_of, check_call
from timeline_nb.recognition.analyzers import Column, ColumnType, column_fault

__all__ = ["PythonPlugin"]

F = TypeVar("F", bound=Callable[..., Any])
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,20}")
# Arguments that the functions of effects are given before their parameters.
_GIVEN: Final = {
    "picture": ("rgb",),
    "transition": ("first", "second", "progress"),
    "generator": ("width_px", "height_px", "time_s"),
}


@dataclass(frozen=True)
class PythonPlugin:
    """What a package adds to timeline_nb: functions, each declared by a decorator.

    The package names the object in its `pyproject.toml`, by the name that people call
    the plugin by:

        [project.entry-points."timeline_nb.plugins"]
        "acme.film" = "acme_film:plugin"

    A function's name is that of the effect, detector or command, and the first line of
    its docstring what lists say of it: `clip.effects.add("acme.film/fade_red")`,
    `media.detect(model="acme.film/bright")`,
    `tl.plugins.call("acme.film", "presets")`.

    Args:
        about: What the plugin is for, in one sentence.

    Example:
        >>> plugin = tl.PythonPlugin("Old film.")
        >>> @plugin.effect(group="film", amount=tl.parameters.number(0.5, 0, 1))
        ... def fade_red(rgb, amount):
        ...     "Take red away."
        ...     rgb[..., 0] = rgb[..., 0] * (1 - amount)
        ...     return rgb
        >>> list(plugin.effects)
        ['fade_red']
    """

    about: str = ""
    effects: dict[str, DeclaredEffect] = field(default_factory=dict, init=False)
    detectors: dict[str, DeclaredDetector] = field(default_factory=dict, init=False)
    analyzers: dict[str, DeclaredAnalyzer] = field(default_factory=dict, init=False)
    importers: dict[str, DeclaredFormat] = field(default_factory=dict, init=False)
    exporters: dict[str, DeclaredFormat] = field(default_factory=dict, init=False)
    commands: dict[str, DeclaredCommand] = field(default_factory=dict, init=False)
    listeners: list[Listener] = field(default_factory=list, init=False)

    def effect(
        self, *, group: str = "plugins", **parameters: Parameter
    ) -> Callable[[F], F]:
        """Declare an effect: `function(rgb, **parameters)`.

        It is given an array of its own, `(H, W, 3) uint8 RGB`, and returns one of the
        same shape and type.

        Args:
            group: The heading under which the catalog lists it.
            parameters: Its parameters, as `tl.parameters.number(...)` makes them.

        Raises:
            PluginError: The function cannot be called so, or its name is taken.

        Example:
            >>> plugin = tl.PythonPlugin("Old film.")
            >>> @plugin.effect(group="film", amount=tl.parameters.number(0.5, 0, 1))
            ... def fade_red(rgb, amount):
            ...     "Take red away."
            ...     rgb[..., 0] = rgb[..., 0] * (1 - amount)
            ...     return rgb
        """
        return self._computing("picture", group, parameters)

    def transition(
        self, *, group: str = "plugins", **parameters: Parameter
    ) -> Callable[[F], F]:
        """Declare a transition: `function(first, second, progress, **parameters)`.

        It is given two arrays `(H, W, 3) uint8 RGB` of one size and a progress from 0
        to 1, and returns one of the same shape and type.

        Args:
            group: The heading under which the catalog lists it.
            parameters: Its parameters.

        Raises:
            PluginError: The function cannot be called so, or its name is taken.

        Example:
            >>> plugin = tl.PythonPlugin("Cuts.")
            >>> @plugin.transition()
            ... def flip(first, second, progress):
            ...     "Change in the middle."
            ...     return first if progress < 0.5 else second
        """
        return self._computing("transition", group, parameters)

    def generator(
        self, *, group: str = "plugins", **parameters: Parameter
    ) -> Callable[[F], F]:
        """Declare a generator: `function(width_px, height_px, time_s, **parameters)`.

        It returns `(height_px, width_px, 3) uint8 RGB`, the picture at a time of its
        clip in seconds.

        Args:
            group: The heading under which the catalog lists it.
            parameters: Its parameters.

        Raises:
            PluginError: The function cannot be called so, or its name is taken.

        Example:
            >>> import numpy as np
            >>> plugin = tl.PythonPlugin("Test pictures.")
            >>> @plugin.generator(level=tl.parameters.number(128, 0, 255))
            ... def gray(width_px, height_px, time_s, level):
            ...     "Fill the picture with a gray."
            ...     return np.full((height_px, width_px, 3), level, np.uint8)
        """
        return self._computing("generator", group, parameters)

    def detector(self, *, labels: Iterable[str]) -> Callable[[F], F]:
        """Declare a detector: `function(rgb)`.

        It is given an array `(H, W, 3) uint8 RGB`, and returns a list of
        `(label, score, x1, y1, x2, y2)`: one of the labels, 0 to 1, and pixels of the
        array; each object once.

        Args:
            labels: All labels that it may return.

        Raises:
            PluginError: The function cannot be called so, its name is taken, or there
                are no labels.

        Example:
            >>> plugin = tl.PythonPlugin("Finds what is bright.")
            >>> @plugin.detector(labels=["bright"])
            ... def bright(rgb):
            ...     "Find the whole picture, if it is bright."
            ...     return [("bright", rgb.mean() / 255, 0, 0, *rgb.shape[1::-1])]
            >>> plugin.detectors["bright"].labels
            ('bright',)
        """
        known = (labels,) if isinstance(labels, str) else tuple(labels)

        def declare(function: F) -> F:
            check_call(function, ("rgb",), ())
            texts = all(map(is_text, known))
            if not known or not texts or len(set(known)) < len(known):
                raise PluginError(
                    f"labels={known!r}: give the names of what it finds, each once"
                )
            self._keep(self.detectors, function, DeclaredDetector(function, known))
            return function

        return naming(declare)

    def analyzer(
        self,
        *,
        columns: Mapping[str, ColumnType],
        of: Literal["picture", "sound"] = "picture",
    ) -> Callable[[F], F]:
        """Declare an analyzer: `function(stream, parts, **arguments)`, a generator.

        It goes through the parts, each with its `data` (`(H, W, 3) uint8 RGB`, or
        `(channels, n) float32`), `number` and `time`, and yields a dict of cells for a
        row of the part that it took last. Its own arguments are those with type hints.

        Args:
            columns: Of its table, beside those of time: a name, and `"number"`,
                `"integer"`, `"text"` or `"boolean"`.
            of: Whether it is given pictures, or blocks of sound.

        Raises:
            PluginError: The function cannot be called so, its name is taken, or there
                are no such columns.

        Example:
            >>> plugin = tl.PythonPlugin("Measures.")
            >>> @plugin.analyzer(columns={"mean": "number"})
            ... def light(stream, parts):
            ...     "Measure the mean brightness of each frame, 0 to 255."
            ...     for part in parts:
            ...         yield {"mean": float(part.data.mean())}
        """
        known = dict(columns)

        def declare(function: F) -> F:
            given = ("stream", "parts")
            check_call(function, given, own_names(function, len(given)))
            if of not in {"picture", "sound"}:
                raise PluginError(f"of={of!r}: give 'picture' or 'sound'")
            if not known:
                raise PluginError("columns={}: give a name and a type of each")
            for name, kind in known.items():
                if not (is_name(name) and kind in get_args(ColumnType)):
                    raise PluginError(
                        f"columns={known!r}: give names with the types "
                        f"{', '.join(get_args(ColumnType))}"
                    )
                if fault := column_fault(name, kind):
                    raise PluginError(f"columns={known!r}: {fault}")
            made = DeclaredAnalyzer(
                function,
                of,
                tuple(Column(name, kind) for name, kind in known.items()),
                own_arguments(function, len(given)),
            )
            self._keep(self.analyzers, function, made)
            return function

        return naming(declare)

    def importer(self, *, suffixes: Iterable[str]) -> Callable[[F], F]:
        """Declare what reads files as edits: `function(path, **arguments)`.

        It returns a `tl.Timeline`. Its arguments are those with type hints after the
        path.

        Args:
            suffixes: Of the files that it reads, such as `[".edl"]`.

        Raises:
            PluginError: The function cannot be called so, its name is taken, or a
                suffix is none.

        Example:
            >>> plugin = tl.PythonPlugin("Lists.")
            >>> @plugin.importer(suffixes=[".txt"])
            ... def clip_list(path):
            ...     "Make an empty edit of the name of the file."
            ...     return tl.Timeline(name=path.stem, rate=25, size=(1280, 720))
        """
        return self._reading_or_writing(self.importers, ("path",), suffixes)

    def exporter(self, *, suffixes: Iterable[str]) -> Callable[[F], F]:
        """Declare what writes files: `function(timeline, path, **arguments)`.

        It writes the file of the path, which it is given for the whole file to be
        there or none.

        Args:
            suffixes: Of the files that it writes, such as `[".edl"]`.

        Raises:
            PluginError: The function cannot be called so, its name is taken, or a
                suffix is none.

        Example:
            >>> plugin = tl.PythonPlugin("Lists.")
            >>> @plugin.exporter(suffixes=[".txt"])
            ... def clip_list(timeline, path):
            ...     "Write what is on the first track."
            ...     path.write_text(str(timeline.tracks[0].items))
        """
        given = ("timeline", "path")
        return self._reading_or_writing(self.exporters, given, suffixes)

    def command(self) -> Callable[[F], F]:
        """Declare a command: a function of arguments with type hints.

        They are checked before it is called: numbers, text, lists, dicts, dataclasses,
        `Path` and `Fraction`. What it returns is printed as JSON by the command line.

        Raises:
            PluginError: An argument's type has no form in JSON, or the name is taken.

        Example:
            >>> plugin = tl.PythonPlugin("Old film.")
            >>> @plugin.command()
            ... def presets(count: int = 3) -> list[str]:
            ...     "Return the names of some presets."
            ...     return ["home", "newsreel", "silent"][:count]
            >>> list(plugin.commands)
            ['presets']
        """

        def declare(function: F) -> F:
            arguments = arguments_of(function, 0)
            self._keep(self.commands, function, DeclaredCommand(function, arguments))
            return function

        return naming(declare)

    def listener(self, *kinds: EventKind) -> Callable[[F], F]:
        """Declare what is called when something has happened: `function(event)`.

        It is called on a thread of the plugin's own, with what `tl.events` gives:
        `event.kind`, and the fields of its type.

        Args:
            kinds: Such as `"render_completed"`; all kinds if none is given.

        Raises:
            PluginError: The function cannot be called so, or there is no such kind.

        Example:
            >>> plugin = tl.PythonPlugin("Tells.")
            >>> @plugin.listener("render_completed")
            ... def tell(event):
            ...     print(event.path)
        """

        def declare(function: F) -> F:
            check_call(function, ("event",), ())
            for kind in kinds:
                if kind not in EVENT_KINDS:
                    hint = suggestion(kind, EVENT_KINDS)
                    raise PluginError(f"there is no event {kind!r}{hint}")
            self.listeners.append((frozenset(kinds or EVENT_KINDS), function))
            return function

        return naming(declare)

    def _computing(
        self, medium: str, group: str, parameters: Mapping[str, Parameter]
    ) -> Callable[[F], F]:
        def declare(function: F) -> F:
            for name, one in parameters.items():
                if not isinstance(one, Parameter):
                    raise PluginError(
                        f"{name}={one!r}: give what tl.parameters makes, such as "
                        "tl.parameters.number(0.5, 0, 1)"
                    )
            check_call(function, _GIVEN[medium], parameters)
            made = DeclaredEffect(medium, function, str(group), dict(parameters))
            self._keep(self.effects, function, made)
            return function

        return naming(declare)

    def _reading_or_writing(
        self,
        known: dict[str, DeclaredFormat],
        given: tuple[str, ...],
        suffixes: Iterable[str],
    ) -> Callable[[F], F]:
        wanted = (suffixes,) if isinstance(suffixes, str) else tuple(suffixes)

        def declare(function: F) -> F:
            check_call(function, given, own_names(function, len(given)))
            for one in wanted or ("",):
                if not is_text(one) or not _SUFFIX.fullmatch(one):
                    raise PluginError(
                        f"suffixes={wanted!r}: give endings of names in lower case, "
                        "such as ['.edl']"
                    )
            arguments = own_arguments(function, len(given))
            self._keep(known, function, DeclaredFormat(function, wanted, arguments))
            return function

        return naming(declare)

    def _keep(
        self, known: dict[str, Any], function: Callable[..., Any], made: Any
    ) -> None:
        name = name_of(function)
        if not is_name(name):
            raise PluginError(
                "the name has up to 60 lower case letters, digits and '_', and begins "
                "with a letter"
            )
        if name in known:
            raise PluginError("there is another one of this name")
        known[name] = made
