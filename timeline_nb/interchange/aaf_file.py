"""Write the cuts of an edit as AAF, by pyaaf2; in the child process alone.

Each medium is a source of files and one of tape, which has its timecode, as Avid's
"edit protocol" wants; clips of one name and medium share a master. OpenTimelineIO's
writer makes all three for each clip, and takes minutes for thousands.
"""

from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

__all__ = ["EditFile"]

# The same edit gives the same bytes, whenever it is written.
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - AAF has no time zones
_SLOTS: Final = {"picture": 1, "sound": 2}
_TIMECODE_TRACK: Final = 1
_SAMPLE_RATE_HZ: Final = 48_000


class EditFile:
    """Writes one edit.

    Args:
        library: pyaaf2.
        edit: `name`, `rate` as text, `start` in frames, `drop`, `media` and `tracks`,
            as `aaf_edit.py` makes it.
        digest: Of the edit: what mobs are numbered by.
    """

    def __init__(self, library: Any, edit: dict[str, Any], digest: str) -> None:
        self._library, self._edit, self._digest = library, edit, digest
        self._rate = library.rational.AAFRational(edit["rate"])
        self._file: Any = None
        self._sources: dict[tuple[int, str], tuple[Any, int]] = {}
        self._masters: dict[tuple[int, str], Any] = {}

    def write(self, path: str) -> None:
        """Write the file."""
        with self._library.open(path, "w") as file:
            self._file = file
            self._stamp(file)
            composition = self._mob("CompositionMob", self._edit["name"], "edit")
            composition.usage = "Usage_TopLevel"
            numbers = {"picture": 0, "sound": 0}
            for track in self._edit["tracks"]:
                numbers[track["kind"]] += 1
                self._track(composition, track, numbers[track["kind"]])
            slot = composition.create_timeline_slot(self._rate)
            slot.name = "TC"
            slot["PhysicalTrackNumber"].value = _TIMECODE_TRACK
            slot.segment = self._timecode(self._edit["start"], drop=self._edit["drop"])

    def rows(self, path: str) -> list[list[list[int]]]:
        """Return what a file says: of each track the start, length and first frame.

        The first frame is that of the medium; -1 of a gap.
        """
        with self._library.open(path, "r") as file:
            (composition,) = file.content.toplevel()
            return [
                [
                    [item.length, getattr(item, "start", -1)]
                    for item in slot.segment.components
                ]
                for slot in composition.slots
                if slot.name != "TC"
            ]

    def _stamp(self, file: Any) -> None:
        file.header["LastModified"].value = _MADE
        (made,) = file.header["IdentificationList"].value
        made["Date"].value = _MADE
        made["ProductName"].value = "timeline_nb"
        made["CompanyName"].value = "timeline_nb"
        made["GenerationAUID"].value = self._uuid("generation")

    def _uuid(self, name: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"timeline_nb:{self._digest}:{name}")

    def _mob(self, kind: str, name: str, key: str) -> Any:
        mob = getattr(self._file.create, kind)(name)
        number = self._library.mobid.MobID.new()
        number.material = self._uuid(key)
        mob.mob_id = number
        mob["CreationTime"].value = mob["LastModified"].value = _MADE
        self._file.content.mobs.append(mob)
        return mob

    def _timecode(self, start: int, *, drop: bool = False) -> Any:
        timecode = self._file.create.Timecode(round(float(self._rate)), drop=drop)
        timecode.start = start
        return timecode

    def _track(self, composition: Any, track: dict[str, Any], number: int) -> None:
        kind = track["kind"]
        slot = composition.create_empty_sequence_slot(self._rate, media_kind=kind)
        slot.name = track["name"]
        slot["PhysicalTrackNumber"].value = number
        # At once: each that is appended would have all before it looked through.
        items = [self._item(kind, *one) for one in track["items"]]
        slot.segment.components.value = items
        slot.segment.length = sum(one.length for one in items)

    def _item(self, kind: str, medium: int, name: str, length: int, start: int) -> Any:
        if medium < 0:
            return self._file.create.Filler(kind, length)
        master = self._master(medium, name, kind)
        return self._file.create.SourceClip(
            start=start,
            length=length,
            mob_id=master.mob_id,
            slot_id=_SLOTS[kind],
            media_kind=kind,
        )

    def _master(self, medium: int, name: str, kind: str) -> Any:
        key = medium, name
        if key not in self._masters:
            self._masters[key] = self._mob("MasterMob", name, f"master:{medium}:{name}")
        master = self._masters[key]
        if not any(slot.slot_id == _SLOTS[kind] for slot in master.slots):
            source, slot_id = self._source(medium, kind)
            length = self._edit["media"][medium]["length"]
            slot = master.create_timeline_slot(self._rate, _SLOTS[kind])
            slot.segment = self._clip(source, slot_id, length, kind)
        return master

    def _clip(self, mob: Any, slot_id: int, length: int, kind: str) -> Any:
        return self._file.create.SourceClip(
            start=0, length=length, mob_id=mob.mob_id, slot_id=slot_id, media_kind=kind
        )

    def _source(self, medium: int, kind: str) -> tuple[Any, int]:
        """Return the file of a medium's picture or sound, and its slot."""
        key = medium, kind
        if key not in self._sources:
            own = self._edit["media"][medium]
            tape = self._mob("SourceMob", own["name"], f"tape:{medium}:{kind}")
            tape.descriptor = self._file.create.ImportDescriptor()
            self._locate(tape.descriptor, own["url"])
            slot = tape.create_empty_slot(self._rate, kind, slot_id=1)
            slot.segment.length = own["length"]
            slot = tape.create_timeline_slot(self._rate)
            slot.segment = self._timecode(own["start"])
            slot.segment.length = own["length"]
            file = self._mob("SourceMob", own["name"], f"file:{medium}:{kind}")
            file.descriptor = self._descriptor(own, kind)
            self._locate(file.descriptor, own["url"])
            slot = file.create_timeline_slot(self._rate)
            slot.segment = self._clip(tape, 1, own["length"], kind)
            self._sources[key] = file, slot.slot_id
        return self._sources[key]

    def _locate(self, descriptor: Any, url: str) -> None:
        locator = self._file.create.NetworkLocator()
        locator["URLString"].value = url
        descriptor["Locator"].append(locator)

    def _descriptor(self, own: dict[str, Any], kind: str) -> Any:
        if kind == "sound":
            made = self._file.create.PCMDescriptor()
            samples = round(own["length"] / float(self._rate) * _SAMPLE_RATE_HZ)
            values = {
                "AverageBPS": 2 * _SAMPLE_RATE_HZ,
                "BlockAlign": 2,
                "QuantizationBits": 16,
                "AudioSamplingRate": _SAMPLE_RATE_HZ,
                "Channels": own["channels"],
                "SampleRate": _SAMPLE_RATE_HZ,
                "Length": samples,
            }
        else:
            made = self._file.create.CDCIDescriptor()
            width, height = own["size"]
            values = {
                "ComponentWidth": 8,
                "HorizontalSubsampling": 2,
                "ImageAspectRatio": f"{width}/{height}",
                "StoredWidth": width,
                "StoredHeight": height,
                "FrameLayout": "FullFrame",
                "VideoLineMap": [42, 0],
                "SampleRate": self._rate,
                "Length": own["length"],
            }
        for name, value in values.items():
            made[name].value = value
        return made
