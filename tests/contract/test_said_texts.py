"""What the kernel says to a person reaches the page as a message to be translated."""

import ast
import re
import types
import typing
from pathlib import Path
from typing import Any, Final

import msgspec
from messages import messages

from timeline_nb.commands.registry import COMMANDS
from timeline_nb.widgets.answers import AnyAnswer
from timeline_nb.widgets.refusal import Said

_LENGTH: Final = re.compile(r"\blengths?\b", re.IGNORECASE)
_PACKAGE: Final = Path(__file__).parents[2] / "timeline_nb"
# Fields of text that hold no sentence of ours: names, paths, identifiers, what a
# person, a file or a plugin says, numbers in words, and labels that the page looks up.
_DATA: Final[dict[str, set[str]]] = {
    "AskView": {"permission", "example", "granted"},
    "BinItem": {"path", "name", "folder", "rate", "size", "fingerprint"},
    "CatalogView": {"favorites"},
    "ClipDetails": {"id", "name", "media", "track", "fit", "blend"},
    "ClipMarkerView": {"item", "name", "color", "note"},
    "CommentView": {"author", "text", "written"},
    "CurveView": {"item", "interpolations"},
    # Code of a cell.
    "Done": {"text"},
    "EffectView": {"owner", "name", "label", "medium"},
    "EffectsView": {"owner", "owners", "media"},
    "ExportChoices": {"folders", "folder", "name"},
    "ExportHindrance": {"name", "track", "at"},
    "ExportProfile": {"name", "suffix", "video", "audio"},
    "FolderEntry": {"name", "path"},
    "FolderView": {"path", "name", "parent", "home"},
    "Fonts": {"families", "styles"},
    "HistoryView": {"file"},
    "JournalView": {"place"},
    "KeyMarksView": {"item"},
    "KeyView": {"interpolation"},
    "KindView": {"kind", "medium", "group", "doc", "label", "group_label", "words"},
    "Levels": {"tracks"},
    "LutView": {"path", "name"},
    "MarkerView": {"name", "color", "note"},
    "MatchedFrame": {"path"},
    "MediaFrame": {"path"},
    "MediaView": {"name", "path"},
    "OfflineFileView": {"path", "name"},
    "OverlayView": {"labels"},
    "OwnBinsView": {"bins"},
    # What a plugin shows.
    "PanelItemView": {"label", "text", "columns", "rows", "name", "value", "choices"},
    "PanelView": {"plugin", "name", "title", "running"},
    "ParameterView": {
        *("name", "label", "type", "value", "default", "unit", "doc"),
        *("choices", "choice_labels"),
    },
    "PermissionsView": {"plugin", "name"},
    "PlannedItem": {"id", "name", "track"},
    "PlannedLoss": {"track"},
    "PlannedPush": {"track"},
    "PlayerSourceView": {"name", "file", "file_type", "sound_type"},
    "PluginMessage": {"plugin", "text"},
    "PresetText": {"text"},
    "PresetView": {"name", "labels"},
    "ProxyFileView": {"file"},
    "RampView": {"item"},
    # The English text, for programs: `said` is shown.
    "Refused": {"message"},
    "RelinkView": {"folder"},
    "RenderReply": {"taken"},
    "ReplacedFileView": {"path"},
    "RenderRow": {"path", "status", "stage", "address"},
    "Sample": {"kind_name", "item"},
    "ScanView": {"folder"},
    "SessionView": {"undo", "redo"},
    "SettingsView": {"keys", "language", "transition", "languages"},
    "ShapeView": {"name"},
    "SignInView": {"title", "address", "user_code", "who"},
    "StageLayer": {"item", "name", "track"},
    "StageText": {"text", "font", "color", "align"},
    "TimelineView": {"name", "path"},
    "TrackView": {"name", "ids", "names"},
    "TransitionView": {"item", "name", "label"},
    "TranslationsAnswer": {"language", "texts", "plurals"},
    "Uploaded": {"path", "name"},
    "UseView": {"item", "name", "track"},
}


def test_how_long_something_lasts_is_its_duration() -> None:
    found = {
        message.text
        for message in messages()
        if _LENGTH.search(re.sub(r"\{\w+\}", "", message.text))
    }
    # Of lines, and of blocks of samples.
    assert found == {
        "Blur length, as a share of the distance from the center.",
        "Each N-th frame, or the length of a block of sound.",
        "Length",
        "Length of the blur at the middle, in heights.",
        "Length of the line.",
    }


def test_each_label_of_a_step_can_be_translated() -> None:
    known = {kind.label for kind in COMMANDS.values()}
    faults = []
    for path in sorted(_PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            match call:
                case ast.Call(
                    func=ast.Attribute(attr="apply" | "apply_other" | "group"),
                    args=[ast.Constant(value=str(label)), *_],
                ) if label not in known:
                    faults.append(f"{path.name}: Message({label!r}) is translated")
    assert faults == []


def _structs(found: Any, known: dict[str, type[msgspec.Struct]]) -> None:
    for inner in typing.get_args(found):
        _structs(inner, known)
    if not isinstance(found, type) or not issubclass(found, msgspec.Struct):
        return
    if found is Said or found.__name__ in known:
        return
    known[found.__name__] = found
    for hint in typing.get_type_hints(found).values():
        _structs(hint, known)


def _is_plain_text(hint: Any) -> bool:
    """Whether a text may be there that is no message."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Literal, typing.ClassVar}:
        return False
    if origin in {types.UnionType, typing.Union} and Said in args:
        return False
    return hint is str or any(map(_is_plain_text, args[origin is dict :]))


def test_each_text_of_an_answer_is_a_message_or_is_known_as_data() -> None:
    known: dict[str, type[msgspec.Struct]] = {}
    _structs(AnyAnswer, known)
    found: dict[str, set[str]] = {}
    for name, struct in known.items():
        for field, hint in typing.get_type_hints(struct).items():
            # `view` is to whom it is sent.
            if field != "view" and _is_plain_text(hint):
                found.setdefault(name, set()).add(field)
    assert found == _DATA, "give sentences the type `Text`, and list here what is data"
