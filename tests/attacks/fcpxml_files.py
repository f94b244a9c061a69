"""Hostile FCPXML: entities, depth, numbers, circles, and clips that multiply."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["FCPXML_FAMILIES", "HONEST_FCPXML"]

Family = Callable[[Path, int], Any]


_ASSET = (
    '<format id="f" frameDuration="1/25s" width="64" height="48"/>'
    '<asset id="a" start="0s" duration="60s" hasVideo="1" format="f" hasAudio="1">'
    '<media-rep src="file:///a.mov"/></asset>'
)


def _document(spine: str, resources: str = "", doctype: str = "") -> str:
    return (
        f"{doctype}<fcpxml version='1.10'><resources>{_ASSET}{resources}</resources>"
        f"<project name='p'><sequence format='f'><spine>{spine}</spine></sequence>"
        "</project></fcpxml>"
    )


def _text(text: Callable[[int], str]) -> Family:
    def write(path: Path, size: int) -> None:
        path.write_text(text(size), encoding="utf-8")

    return write


def _many(part: str, resources: str = "") -> Family:
    return _text(lambda size: _document(part * (size // len(part)), resources))


def _laughs(_: int) -> str:
    levels = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">'
        for n in range(10)
    )
    return _document("&l9;", doctype=f"<!DOCTYPE fcpxml [{levels}]>")


def _nested(size: int) -> str:
    """Compound clips that each show the next one ten times."""
    row = '<ref-clip ref="m{}" duration="1s"/>' * 10
    levels = "".join(
        f'<media id="m{n}"><sequence format="f"><spine>'
        + row.replace("{}", str(n + 1))
        + "</spine></sequence></media>"
        for n in range(min(size, 7))
    )
    last = '<media id="m7"><sequence format="f"><spine/></sequence></media>'
    return _document('<ref-clip ref="m0" duration="1s"/>', levels + last)


def _multicam(size: int) -> str:
    """Clips of a multicam of as many clips, which each look at all of its angle."""
    count = max(2, int((size / 80) ** 0.5) * 4)
    angle = '<asset-clip ref="a" offset="0s" duration="1s"/>' * count
    media = (
        f'<media id="m"><multicam format="f"><mc-angle angleID="1">{angle}'
        "</mc-angle></multicam></media>"
    )
    return _document('<mc-clip ref="m" duration="1s"/>' * count, media)


_CLIP = '<asset-clip ref="a" duration="1s"/>'
_CONNECTED = '<asset-clip ref="a" lane="1" offset="0s" duration="9s"/>'

FCPXML_FAMILIES: dict[str, tuple[str, Family]] = {
    name: ("fcpxml", family)
    for name, family in {
        "fcpxml: laughs": _text(_laughs),
        "fcpxml: outside": _text(
            lambda _: _document(
                "&e;", doctype='<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
            )
        ),
        "fcpxml: open tags": _text(lambda n: "<fcpxml>" + "<spine>" * (n // 7)),
        "fcpxml: deep": _text(lambda _: _document("<clip duration='1s'>" * 150)),
        "fcpxml: deep clips": _text(
            lambda _: _document(
                "<clip duration='1s'>" * 150 + "</clip>" * 150,
            )
        ),
        "fcpxml: large number": _text(
            lambda _: _document(f'<gap duration="{2**70}/1s"/>')
        ),
        "fcpxml: long number": _text(
            lambda n: _document(f'<gap duration="{"9" * n}s"/>')
        ),
        "fcpxml: zero": _text(lambda _: _document('<gap duration="1/0s"/>')),
        "fcpxml: no frame": _text(
            lambda _: _document("", '<format id="f" frameDuration="0s"/>').replace(
                _ASSET, ""
            )
        ),
        "fcpxml: circle": _text(
            lambda _: _document(
                '<ref-clip ref="m" duration="1s"/>',
                '<media id="m"><sequence format="f"><spine>'
                '<ref-clip ref="m" duration="1s"/></spine></sequence></media>',
            )
        ),
        "fcpxml: nested": _text(_nested),
        "fcpxml: multicam": _text(_multicam),
        "fcpxml: clips": _many(_CLIP),
        "fcpxml: connected": _text(
            lambda size: _document(
                f'<gap duration="9s">{_CONNECTED * (size // 50)}</gap>'
            )
        ),
        "fcpxml: transitions": _many(f'{_CLIP}<transition duration="1/25s"/>'),
        "fcpxml: crooked times": _text(
            lambda size: _document(
                "".join(
                    f'<gap duration="{n}/{n + 1}s"/><asset-clip ref="a" '
                    f'duration="{n}/{2 * n + 1}s"/>'
                    for n in range(10**6, 10**6 + size // 90)
                )
            )
        ),
        "fcpxml: points": _text(
            lambda size: _document(
                '<asset-clip ref="a" duration="9s"><timeMap>'
                + "".join(
                    f'<timept time="{n}/999s" value="{n * n % 997}/25s"/>'
                    for n in range(size // 40)
                )
                + "</timeMap></asset-clip>"
            )
        ),
        "fcpxml: keyframes": _text(
            lambda size: _document(
                '<asset-clip ref="a" duration="9s"><adjust-volume><param name="amount">'
                "<keyframeAnimation>"
                + "".join(
                    f'<keyframe time="{n}/999s" value="nan"/>'
                    f'<keyframe time="{n}/998s" value="1e400dB"/>'
                    for n in range(size // 80)
                )
                + "</keyframeAnimation></param></adjust-volume></asset-clip>"
            )
        ),
        "fcpxml: markers": _text(
            lambda size: _document(
                '<asset-clip ref="a" duration="9s">'
                + '<marker start="1s" value="x"/>' * (size // 30)
                + "</asset-clip>"
            )
        ),
        "fcpxml: captions": _text(
            lambda size: _document(
                '<gap duration="9s">'
                + '<caption lane="1" offset="0s" duration="9s"><text>x</text></caption>'
                * (size // 70)
                + "</gap>"
            )
        ),
    }.items()
}
HONEST_FCPXML = _document(
    '<asset-clip ref="a" name="one" offset="0s" start="4s" duration="2s">'
    '<timeMap><timept time="0s" value="0s"/><timept time="30s" value="60s"/></timeMap>'
    '<adjust-transform position="1 2" scale="2 2"><param name="rotation">'
    '<keyframeAnimation><keyframe time="1s" value="3"/></keyframeAnimation></param>'
    '</adjust-transform><adjust-volume amount="-3dB"/>'
    '<title ref="t" lane="1" offset="5s" duration="1s"><text><text-style ref="s">Hi'
    '</text-style></text><text-style-def id="s"><text-style fontSize="9"/>'
    '</text-style-def></title><marker start="5s" value="m"/></asset-clip>'
    '<transition name="Cross Dissolve" offset="48/25s" duration="4/25s"/>'
    '<ref-clip ref="m" offset="2s" duration="1s"><conform-rate srcFrameRate="24"/>'
    '</ref-clip><mc-clip ref="c" duration="1s"><mc-source angleID="1"/></mc-clip>',
    '<effect id="t" name="Basic Title" uid="x"/><media id="m" name="in">'
    f'<sequence format="f"><spine>{_CLIP}</spine></sequence></media><media id="c">'
    f'<multicam format="f"><mc-angle angleID="1">{_CLIP}</mc-angle></multicam></media>',
).encode()
