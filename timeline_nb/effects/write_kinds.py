"""Write `kinds.py`: the catalogue's names as `Literal` types, for completion.

Run it after adding an effect: `python -m timeline_nb.effects.write_kinds`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, get_args

from timeline_nb.effects.blending import MODES
from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.generators import ANCHORS
from timeline_nb.effects.provided import is_provided
from timeline_nb.effects.sourced.redaction import HOW
from timeline_nb.effects.spec import Medium
from timeline_nb.effects.titles.animations import ANIMATIONS
from timeline_nb.effects.titles.styles import SUBTITLE_STYLES
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.timeline.keyframes import EASINGS

__all__ = ["KINDS_PATH", "kinds_source"]

KINDS_PATH: Final = Path(__file__).with_name("kinds.py")
_NAMES: Final[dict[Medium, str]] = {
    "picture": "PictureEffect",
    "sound": "SoundEffect",
    "time": "TimeEffect",
    "transition": "TransitionKind",
    "crossfade": "CrossfadeKind",
    "generator": "GeneratorKind",
}
_HEADER: Final = '''"""The catalogue's names as types, for type checkers and completion.

Written by `python -m timeline_nb.effects.write_kinds`; do not edit.
"""

from typing import Literal, TypeAlias
'''


def kinds_source() -> str:
    """Return the source of `kinds.py` for the package's own effects."""
    types: dict[str, Iterable[str]] = {
        name: sorted(
            spec.kind for spec in catalog(medium) if not is_provided(spec.kind)
        )
        for medium, name in _NAMES.items()
    }
    types |= {
        "MediumName": get_args(Medium),
        "TemplateName": TEMPLATES,
        "AnimationName": ANIMATIONS,
        "SubtitleStyleName": SUBTITLE_STYLES,
        "BlendMode": MODES,
        "Easing": EASINGS,
        "Anchor": ANCHORS,
        "RedactionMethod": HOW,
    }
    names = [*types, "EffectKind"]
    listed = "".join(f'    "{name}",\n' for name in sorted(names))
    blocks = [_HEADER, f"__all__ = [\n{listed}]\n"]
    blocks += [_literal(name, list(values)) for name, values in types.items()]
    blocks.append(
        "# Effects on clips, tracks and timelines.\n"
        "EffectKind: TypeAlias = PictureEffect | SoundEffect | TimeEffect\n"
    )
    return "\n".join(blocks)


def _literal(name: str, values: list[str]) -> str:
    quoted = ", ".join(f'"{value}"' for value in values)
    line = f"{name}: TypeAlias = Literal[{quoted}]\n"
    if len(line) <= 89:
        return line
    rows = "".join(f'    "{value}",\n' for value in values)
    return f"{name}: TypeAlias = Literal[\n{rows}]\n"


if __name__ == "__main__":
    KINDS_PATH.write_text(kinds_source())
