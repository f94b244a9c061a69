"""One vocabulary: complete catalogues, no retired words, one class to a name."""

import ast
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "timeline_nb"
SOURCES: Final = ROOT / "widgets-js" / "src"
# t("..."), over a line break too.
CALL: Final = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')

# Names that were given up, and what is said instead.
RETIRED: Final = {
    "AddLook": "AddEffect",
    "Board": "worker_channel",
    "Coded": "EncodedPacket",
    "Crew": "SegmentScheduler",
    "Cutter": "ClipSource",
    "Deeds": "PlayerActions",
    "DraftLibrary": "ProxyLibrary",
    "Found": "DetectionResult",
    "Ground": "DragContext",
    "Hand": "AnnotationSink or PointerController",
    "Ink": "LetterStyle",
    "LooksPart": "EffectsPart",
    "Pump": "PlaybackStreamer",
    "Shelf": "DetectionCache",
    "Shown": "ClipRenderer",
    "Told": "ParsedText",
    "Trial": "ProbeResult",
    "Wish": "RequestBody",
    "Wishes": "LatestQueue",
    "carry_out": "run",
    "looking": "detect",
    "looking_elsewhere": "detect_remote",
    "shelves": "registry",
    "told_by": "probe_output",
}
# In docstrings, comments and messages.
POETIC: Final = (
    "befell",
    "befall",
    "told",
    "makes no sense",
    "falls alike",
    "wishes",
    "makers of",
    "who stops",
    "is due",
    "given back",
    "gave back",
    "looked over",
)
BRITISH: Final = (
    "analogue",
    "behaviour",
    "cancelled by",
    "centre",
    "colour",
    "colours",
    "favour",
    "grey",
    "initialise",
    "labelled",
    "licence",
    "normalise",
    "normalised",
    "optimise",
    "organise",
    "recognise",
    "serialise",
    "solarise",
    "stabilise",
    "stylise",
    "visualise",
)


def _tokens(path: Path, *types: int) -> Iterator[tuple[int, str]]:
    """Yield the tokens of some types: names, or comments and strings."""
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type in types:
                yield token.start[0], token.string


def faults(path: Path) -> list[str]:
    """Return the retired names and words of a module, each with its line."""
    found = []
    text = path.read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        found += [
            f"{path.name}:{number}: {word!r} is not American spelling"
            for word in BRITISH
            if re.search(rf"\b{word}\b", line, re.IGNORECASE)
        ]
    found += [
        f"{path.name}:{number}: {name} is retired: {RETIRED[name]}"
        for number, name in _tokens(path, tokenize.NAME)
        if name in RETIRED
    ]
    for number, said in _tokens(path, tokenize.COMMENT, tokenize.STRING):
        found += [
            f"{path.name}:{number}: {word!r} is not literal"
            for word in POETIC
            if re.search(rf"\b{word}\b", said, re.IGNORECASE)
        ]
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name
)
def test_no_retired_words(path: Path) -> None:
    assert faults(path) == []


def test_no_retired_words_in_the_front_end() -> None:
    names = {
        f"{path.name}: {name}"
        for path in SOURCES.rglob("*.ts")
        for name in RETIRED
        if re.search(rf"\b{name}\b", path.read_text("utf-8"))
    }
    assert not names


def test_a_retired_word_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""Who is told the colour."""\n\nclass Crew:\n    pass\n')
    said = [fault.partition(": ")[2].split(" ")[0] for fault in faults(module)]
    assert said == ["'colour'", "Crew", "'told'"]


def test_a_public_class_has_one_home() -> None:
    homes = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(path.relative_to(PACKAGE)))
    several = {name: paths for name, paths in homes.items() if len(paths) > 1}
    assert several == {}
