"""Names that calls take beside kinds of effects: profiles, styles, formats ..."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.core.tables import table_of
from timeline_nb.errors import CompositionError
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.timeline.formats import Exporter, Importer

__all__ = ["NameTable", "NamedThings", "named_things"]

NamedThings: TypeAlias = Literal[
    "profiles",
    "title_templates",
    "title_animations",
    "subtitle_styles",
    "fonts",
    "presets",
    "formats",
    "detectors",
    "layouts",
    "sizes",
    "blend_modes",
]
# What people call them, too.
_OTHER_WORDS: Final[dict[str, NamedThings]] = {
    "templates": "title_templates",
    "title_styles": "title_templates",
    "animations": "title_animations",
    "export_formats": "formats",
    "models": "detectors",
}


def named_things(words: str) -> NamedThings | None:
    """Return what words ask for: `Subtitle styles` are `subtitle_styles`.

    None where they ask for kinds of effects.
    """
    plain = words.strip().casefold().replace(" ", "_").replace("-", "_")
    known: tuple[NamedThings, ...] = get_args(NamedThings)
    several = {name: name for name in known} | _OTHER_WORDS
    return several.get(plain) or several.get(f"{plain}s")


class NameTable(Sequence[str]):
    """The names that an argument takes, with what each is; a cell shows a table.

    Args:
        things: What is listed: `profiles`, `title_templates`, `title_animations`,
            `subtitle_styles`, `fonts`, `presets`, `formats`, `detectors`, `layouts`,
            `sizes` or `blend_modes`.
        studio: Has the presets, models and plugins; the notebook's if not given.

    Raises:
        CompositionError: There is no such list.

    Example:
        >>> styles = tl.NameTable("subtitle_styles")
        >>> "boxed" in styles, len(styles) > 10
        (True, True)
        >>> tl.NameTable("sizes")[0], tl.NameTable("sizes")[:2]
        ('360p', ['360p', '480p'])
        >>> cut.subtitles.add("Hello", start=0, end=1)
        >>> cut.set_track("S1", style="boxed")
    """

    def __init__(self, things: NamedThings, studio: Studio | None = None) -> None:
        if things not in get_args(NamedThings):
            near = suggestion(things, get_args(NamedThings))
            raise CompositionError(f"there is no list of {quoted(things)}{near}")
        self._things = things
        self._studio = studio or default_studio()

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per name: `name`, then what there is to know of it.

        Example:
            >>> tl.NameTable("sizes").to_dataframe().head(2)
               name  width  height
            0  360p    640     360
            1  480p    854     480
        """
        return table_of(list(_ROWS[self._things](self._studio)))

    def __iter__(self) -> Iterator[str]:
        return (row["name"] for row in _ROWS[self._things](self._studio))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, number: Any) -> Any:
        return list(self)[number]

    def __contains__(self, name: object) -> bool:
        return any(name == own for own in self)

    def __repr__(self) -> str:
        return f"<{self._things.replace('_', ' ')}: {', '.join(self) or 'none'}>"

    def _repr_html_(self) -> str:
        import pandas as pd

        with pd.option_context("display.max_colwidth", None):
            return str(self.to_dataframe().to_html(index=False, escape=True))


Row: TypeAlias = dict[str, Any]


def _profiles(_: Studio) -> Iterator[Row]:
    from timeline_nb.render.platforms import profile, profile_names, suffix_of

    for name in profile_names():
        own = profile(name)
        yield {
            "name": name,
            "suffix": suffix_of(own),
            "video": own.video,
            "audio": own.audio,
            "size": "" if own.size is None else "x".join(map(str, own.size)),
            "quality": own.quality,
            "loudness_lufs": own.loudness_lufs,
        }


def _templates(_: Studio) -> Iterator[Row]:
    from timeline_nb.effects.titles.templates import TEMPLATES

    for name, own in TEMPLATES.items():
        yield {
            "name": name,
            "group": own.group,
            "about": own.doc,
            "texts": ", ".join(own.samples),
            "optional": ", ".join(own.defaults),
            "seconds": own.duration_s,
        }


def _animations(_: Studio) -> Iterator[Row]:
    from timeline_nb.effects.titles.animations import ANIMATIONS

    for name, own in ANIMATIONS.items():
        yield {"name": name, "about": (own.__doc__ or "").strip().partition("\n")[0]}


def _subtitle_styles(_: Studio) -> Iterator[Row]:
    from timeline_nb.effects.titles.styles import SUBTITLE_STYLES

    for name, own in SUBTITLE_STYLES.items():
        yield {"name": name, "parameters": own}


def _fonts(_: Studio) -> Iterator[Row]:
    from timeline_nb.effects.titles.fonts import families

    return ({"name": name} for name in families())


def _presets(studio: Studio) -> Iterator[Row]:
    for own in studio.presets.all():
        yield {"name": own.name, "effects": [effect.kind for effect in own.effects]}


def _formats(studio: Studio) -> Iterator[Row]:
    from timeline_nb.interchange.registered import FORMATS

    for own in FORMATS:
        yield {
            "name": own.name,
            "suffixes": ", ".join(own.suffixes),
            "reads": own.reads,
            "writes": own.writes,
            "about": own.about,
            "plugin": "",
        }
    yield from _of_plugins(studio.formats.importers.all(), reads=True)
    yield from _of_plugins(studio.formats.exporters.all(), reads=False)


def _of_plugins(
    found: "Iterable[Importer] | Iterable[Exporter]", *, reads: bool
) -> Iterator[Row]:
    for own in found:
        yield {
            "name": own.name,
            "suffixes": ", ".join(own.suffixes),
            "reads": reads,
            "writes": not reads,
            "about": own.about,
            "plugin": own.origin,
        }


def _detectors(studio: Studio) -> Iterator[Row]:
    for entry in studio.models.entries():
        yield {
            "name": entry.name,
            "here": studio.models.is_here(entry),
            "about": entry.about,
            "license": entry.license,
            "plugin": "",
        }
    for name, about, plugin in studio.plugin_detectors():
        facts = {"here": True, "about": about, "license": "", "plugin": plugin}
        yield {"name": name, **facts}


def _layouts(_: Studio) -> Iterator[Row]:
    from timeline_nb.multicam.layouts import layout_names

    for name in layout_names():
        yield {"name": name, "pictures": int(name.rpartition("-")[2])}


def _sizes(_: Studio) -> Iterator[Row]:
    from timeline_nb.timeline.canvas import SIZES

    for name, (width, height) in SIZES.items():
        yield {"name": name, "width": width, "height": height}


def _blend_modes(_: Studio) -> Iterator[Row]:
    from timeline_nb.timeline.choices import BlendMode

    return ({"name": name} for name in get_args(BlendMode))


_ROWS: Final[dict[NamedThings, Callable[[Studio], Iterator[Row]]]] = {
    "profiles": _profiles,
    "title_templates": _templates,
    "title_animations": _animations,
    "subtitle_styles": _subtitle_styles,
    "fonts": _fonts,
    "presets": _presets,
    "formats": _formats,
    "detectors": _detectors,
    "layouts": _layouts,
    "sizes": _sizes,
    "blend_modes": _blend_modes,
}
