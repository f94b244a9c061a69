"""What the page sends and gets of the bins into which a person sorts media."""

from typing import Annotated, TypeAlias

from msgspec import Meta

from timeline_nb.project.editor_state import MOST_LETTERS
from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.request import Request

__all__ = ["OwnBinsView", "PutInBinRequest", "RemoveBinRequest", "RenameBinRequest"]

BinName: TypeAlias = Annotated[str, Meta(max_length=MOST_LETTERS)]
Fingerprint: TypeAlias = Annotated[str, Meta(max_length=64)]


class OwnBinsView(Answer, frozen=True, kw_only=True, tag="ownBins"):
    """The fingerprints of each bin's media, also of media that no edit here uses."""

    bins: dict[str, list[str]]


class PutInBinRequest(Request, frozen=True, kw_only=True, tag="putInBin"):
    """Move media into a bin, a new one if there is none; out of all if it is empty."""

    media: Annotated[list[Fingerprint], Meta(max_length=1_000)]
    bin: BinName


class RenameBinRequest(Request, frozen=True, kw_only=True, tag="renameBin"):
    """Give a bin another name; one that has it takes the media."""

    bin: BinName
    name: BinName


class RemoveBinRequest(Request, frozen=True, kw_only=True, tag="removeBin"):
    """Remove a bin; its media stay."""

    bin: BinName
