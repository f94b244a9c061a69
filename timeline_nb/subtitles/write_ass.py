"""Writing of SubStation Alpha: styles, override tags and positions."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from timeline_nb.subtitles.ass_style import LETTER
from timeline_nb.subtitles.colors import to_ass
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.numpad import MARGIN, numpad_of, ssa_from_numpad
from timeline_nb.subtitles.placement import (
    is_at_default,
    position_of,
    style_without_lift,
)
from timeline_nb.subtitles.styled_text import SPAN_DEFAULTS, styled_parts
from timeline_nb.subtitles.substation import Script, parse_event, parse_header

__all__ = ["to_script"]

_FONT: Final = "DejaVu Sans"
_PLUS: Final = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, "
    "BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, "
    "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding"
)
_V4: Final = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, TertiaryColour, "
    "BackColour, Bold, Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, "
    "MarginR, MarginV, AlphaLevel, Encoding"
)
_STYLES: Final = {
    False: ("[V4+ Styles]", f"Format: {_PLUS}"),
    True: ("[V4 Styles]", f"Format: {_V4}"),
}
_EVENTS: Final = {
    False: "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    True: "Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
}
_FLAGS: Final = {"italic": "i", "bold": "b", "underline": "u", "strikeout": "s"}
# Rounding margins to pixels moves a cue by less than this.
_NEAR: Final = 0.01


def to_script(
    cues: Iterable[Cue],
    size: tuple[int, int],
    base: Mapping[str, Any],
    *,
    is_v4: bool,
    header: str = "",
) -> str:
    """Return the text of a script.

    Args:
        cues: Cues in order of time.
        size: Width and height of the picture, in pixels.
        base: Style of cues without a style of their own.
        is_v4: Whether to write SSA v4 instead of v4+.
        header: Header of the script that the cues were read from.
    """
    kept: Script | None = parse_header(header.split("\n")) if header else None
    if kept and kept.is_v4 != is_v4:
        kept = None
    width, height = kept.size if kept else size
    table = _StyleTable(base, (float(width), float(height)), kept, is_v4=is_v4)
    events = [table.event(cue) for cue in cues]
    head, form = _STYLES[is_v4]
    if kept:
        blocks = [header]
        if table.rows:
            blocks.append("\n".join([head, form, *table.rows]))
    else:
        kind = "v4.00" if is_v4 else "v4.00+"
        info = f"[Script Info]\nScriptType: {kind}\nWrapStyle: 0\n"
        blocks = [
            f"{info}PlayResX: {width}\nPlayResY: {height}",
            "\n".join([head, form, table.default(), *table.rows]),
        ]
    rows = ["[Events]", f"Format: {_EVENTS[is_v4]}", *events]
    return "\n\n".join([*blocks, "\n".join(rows)]) + "\n"


class _StyleTable:
    """The styles that are needed, collected while events are written.

    Args:
        base: Style of cues without a style of their own.
        size: Width and height of the script.
        kept: The script that cues were read from, if its header is kept.
        is_v4: Whether it is SSA v4.
    """

    def __init__(
        self,
        base: Mapping[str, Any],
        size: tuple[float, float],
        kept: Script | None,
        *,
        is_v4: bool,
    ) -> None:
        self._base, self._size, self._kept, self._is_v4 = base, size, kept, is_v4
        self._names: dict[str, str] = {}
        self._number = 0
        self.rows: list[str] = []

    def default(self) -> str:
        """Return the row of the default style."""
        return self._row("Default", self._base)

    def event(self, cue: Cue) -> str:
        """Return the row of a cue."""
        style = style_without_lift(cue)
        fields = cue.metadata.get("ass", {})
        text = str(fields.get("text", ""))
        if self._kept and text and "\n" not in text:
            texts = {name: str(own) for name, own in fields.items()}
            if parse_event(texts, self._kept) == (cue.text, style):
                return self._dialogue(cue, fields.get("style", "Default"), text, fields)
        whole = {**self._base, **style}
        kept = {name: fields[name] for name in ("layer", "name") if name in fields}
        text = self._text(cue.text, whole)
        return self._dialogue(cue, self._name(whole, style), text, kept)

    def _dialogue(
        self, cue: Cue, style: str, text: str, fields: Mapping[str, Any]
    ) -> str:
        start = round(cue.start * 100)
        end = max(round(cue.end * 100), start + 1)
        layer = "Marked=0" if self._is_v4 else str(fields.get("layer", 0))
        own = [
            str(fields.get(name, default)).replace(",", ";").replace("\n", " ")
            for name, default in (
                ("name", ""),
                ("marginl", "0"),
                ("marginr", "0"),
                ("marginv", "0"),
                ("effect", ""),
            )
        ]
        parts = [layer, _clock(start), _clock(end), style, *own, text]
        return f"Dialogue: {','.join(parts)}"

    def _name(self, whole: Mapping[str, Any], style: Mapping[str, Any]) -> str:
        if not style and not self._kept:
            return "Default"
        row_style = {k: v for k, v in whole.items() if k not in {"spans", "position"}}
        key = repr(sorted(row_style.items(), key=repr))
        if key not in self._names:
            taken = self._kept.styles if self._kept else {}
            self._number += 1
            while f"Style{self._number}" in taken:
                self._number += 1
            self._names[key] = f"Style{self._number}"
            self.rows.append(self._row(self._names[key], whole))
        return self._names[key]

    def _row(self, name: str, row_style: Mapping[str, Any]) -> str:
        width, height = self._size
        numpad = numpad_of(row_style)
        color, edge = (
            row_style.get(key, own)
            for key, own in (("color", "#ffffff"), ("outline_color", "#000000"))
        )
        outline = row_style.get("outline", 0.0) * height
        border, box = 1, row_style.get("box_color", "#00000000")
        if len(box) == 7 or not box.endswith("00"):
            border, edge = 3, box
            outline = row_style.get("box_padding", 0.02) * height
        shadow = row_style.get("shadow", [0, 0])[1] * height
        back = row_style.get("shadow_color", "#00000000")
        margins = [round(MARGIN * side) for side in (width, width, height)]
        font = str(row_style.get("font", _FONT)).replace(",", " ")
        size = f"{row_style.get('size', 0.055) * height / LETTER:.2f}"
        flags = ["-1" if row_style.get(key) else "0" for key in ("bold", "italic")]
        common = [str(border), f"{outline:.2f}", f"{max(shadow, 0):.2f}"]
        ends = [str(margin) for margin in margins]
        if self._is_v4:
            colors = [_decimal(own) for own in (color, color, edge, edge)]
            place = [str(ssa_from_numpad(numpad)), *ends, "0", "1"]
            return "Style: " + ",".join(
                [name, font, size, *colors, *flags, *common, *place]
            )
        flags += [
            "-1" if row_style.get(key) else "0" for key in ("underline", "strikeout")
        ]
        colors = [to_ass(own) for own in (color, "#ff0000", edge, back)]
        shape = ["100", "100", "0", "0"]
        place = [str(numpad), *ends, "1"]
        parts = [name, font, size, *colors, *flags, *shape, *common, *place]
        return "Style: " + ",".join(parts)

    def _text(self, text: str, whole: Mapping[str, Any]) -> str:
        tagged = "" if is_at_default(whole, _NEAR) else self._position(whole)
        state = {name: whole.get(name, own) for name, own in SPAN_DEFAULTS.items()}
        if self._is_v4:
            # SSA v4 styles have no underline and no strikeout.
            state |= {"underline": False, "strikeout": False}
        for own, row_style in styled_parts(text, whole):
            tags = "".join(
                _tag(name, value, whole)
                for name, value in row_style.items()
                if value != state[name]
            )
            state = row_style
            plain = own.replace("{", "\\{").replace("}", "\\}").replace("\n", "\\N")
            tagged += (f"{{{tags}}}" if tags else "") + plain.replace("\xa0", "\\h")
        return tagged

    def _position(self, whole: Mapping[str, Any]) -> str:
        x, y = (a * b for a, b in zip(position_of(whole), self._size, strict=True))
        return f"{{\\pos({x:.2f},{y:.2f})}}"


def _tag(name: str, value: Any, whole: Mapping[str, Any]) -> str:
    if name in _FLAGS:
        return f"\\{_FLAGS[name]}{int(bool(value))}"
    color = to_ass(str(value or whole.get("color") or "#ffffff"))
    return f"\\c&H{color[4:]}&"


def _decimal(color: str) -> str:
    """Return SSA's decimal number of a color, without opacity."""
    return str(int(to_ass(color)[4:], 16))


def _clock(hundredths: int) -> str:
    seconds, part = divmod(hundredths, 100)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}.{part:02}"
