"""The analyzers of plugins, as `recognition/analyzers.py` has them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any, Final

import msgspec

from timeline_nb.recognition.analyzers import Analyzer, Column, MediaPart, Row, Stream
from timeline_nb.wasm_plugins.arguments import checked_args
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.measuring import MeasuringSandbox
from timeline_nb.wasm_plugins.messages import answered, check_answer, encoded
from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["analyzers_of"]

_SAMPLE_BYTES: Final = 4


class _Answer(msgspec.Struct):
    rows: list[dict[str, Any]] = []
    error: str = ""


def analyzers_of(plugins: Plugins, name: str) -> Iterator[Analyzer]:
    """Yield the analyzers of a plugin that is installed, or of all of them.

    Args:
        plugins: Those that are installed.
        name: The plugin's id; empty for all.

    Raises:
        PluginError: What is installed cannot be read.
    """
    for manifest in plugins.manifests(name).values():
        for number, offer in enumerate(manifest.analyzers):
            own = _Analysis(plugins, manifest, number)
            yield Analyzer(
                name=f"{manifest.id}/{offer.name}",
                about=offer.about,
                origin=f"the plugin {manifest.id}",
                of=offer.of,
                columns=tuple(Column(c.name, c.type, c.about) for c in offer.columns),
                identity=own.identity,
                checked=partial(checked_args, manifest.id, offer),
                measure=own.rows,
            )


@dataclass(frozen=True)
class _Analysis:
    """What an analyzer of a plugin measures.

    Args:
        plugins: Those that are installed.
        manifest: Of the plugin.
        number: The analyzer's in the manifest.
    """

    plugins: Plugins
    manifest: PluginManifest
    number: int

    @property
    def name(self) -> str:
        return self.manifest.analyzers[self.number].name

    @property
    def identity(self) -> str:
        # The number is what the module is given; a manifest changes without it.
        offer = self.manifest.analyzers[self.number]
        facts = msgspec.json.encode([self.manifest.sha256, self.number, offer])
        return blake2b(facts, digest_size=16).hexdigest()

    def rows(
        self,
        stream: Stream,
        parts: Iterator[MediaPart],
        args: Mapping[str, Any],
        check: Callable[[], object],
    ) -> Iterator[Row]:
        """Yield what is measured in the parts of a stream."""
        plugin = self.plugins.plugin(self.manifest.id)
        sandbox = plugin.measuring()

        def done(work: Callable[[MeasuringSandbox], bytes]) -> list[dict[str, Any]]:
            answer = plugin.run(sandbox, lambda one: self._read(work(one)), check)
            check_answer(self.manifest.id, self.name, answer.error)
            return answer.rows

        begin = self._message(begin={"args": args, **_facts_of(stream)})
        end, size = self._message(end={}), _part_bytes(stream)
        try:
            yield from done(lambda one: one.begin(begin, size))
            for part in parts:
                yield from done(partial(self._measured, stream, part))
            yield from done(lambda one: one.end(end))
        finally:
            sandbox.close()

    def _measured(
        self, stream: Stream, part: MediaPart, sandbox: MeasuringSandbox
    ) -> bytes:
        numbers: tuple[int, ...]
        if stream.of == "picture":
            height, width = part.data.shape[:2]
            time = part.time
            numbers = (width, height, part.number, time.numerator, time.denominator)
        else:
            channels, count = part.data.shape
            numbers = (channels, count, part.number, stream.sample_rate_hz)
        return sandbox.measure(f"tnb_{stream.of}", self.number, part.data, numbers)

    def _message(self, **fields: Any) -> bytes:
        return encoded(self.manifest.id, analyzer=self.name, **fields)

    def _read(self, data: bytes) -> _Answer:
        # Nothing to say is the shortest answer.
        if not data:
            return _Answer()
        return answered(self.manifest.id, self.name, data, _Answer)


def _facts_of(stream: Stream) -> dict[str, Any]:
    if stream.of == "picture":
        width, height = stream.size
        return {"parts": stream.parts, "width": width, "height": height}
    rate, channels = stream.sample_rate_hz, stream.channels
    return {"parts": stream.parts, "channels": channels, "sample_rate_hz": rate}


def _part_bytes(stream: Stream) -> int:
    if stream.of == "picture":
        return stream.size[0] * stream.size[1] * 3
    return stream.channels * stream.samples * _SAMPLE_BYTES
