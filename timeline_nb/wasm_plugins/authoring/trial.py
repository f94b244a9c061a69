"""Test a plugin's project: its manifest, module, effects, and examples."""

import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.authoring.effect_trials import (
    try_effect,
    try_effect_example,
)
from timeline_nb.wasm_plugins.authoring.examples import (
    CommandExample,
    Examples,
    read_examples,
)
from timeline_nb.wasm_plugins.authoring.format_trials import (
    try_exporter_example,
    try_importer_example,
)
from timeline_nb.wasm_plugins.authoring.measure_trials import try_analyzer_example
from timeline_nb.wasm_plugins.authoring.report import TrialReport
from timeline_nb.wasm_plugins.bundled import plugin_file
from timeline_nb.wasm_plugins.compiled import CompiledModules
from timeline_nb.wasm_plugins.manifest import PluginFile, PluginManifest, read_plugin
from timeline_nb.wasm_plugins.module_file import MAX_MODULE_BYTES, read_module
from timeline_nb.wasm_plugins.permissions import missing
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.plugins import Plugins
from timeline_nb.wasm_plugins.schema import is_file

__all__ = ["try_plugin"]

# What a manifest offers, the field of an example that names it, and the examples.
_OFFERS: Final = {
    "effects": "effect",
    "commands": "command",
    "analyzers": "analyzer",
    "importers": "importer",
    "exporters": "exporter",
}


def try_plugin(path: Path | str = ".", *, grant: Iterable[str] = ()) -> TrialReport:
    """Test a plugin in a folder of its own, from which nothing stays.

    Args:
        path: The project's folder, or the plugin's `.wasm` file, or the name of one
            that comes with the package. Examples lie beside it in `tests.json`.
        grant: What it may do meanwhile, of what it asks for: `read:/home/ada/films`.

    Returns:
        What was tried and found, line by line.

    Raises:
        PluginError: There is no plugin, or it is not what its manifest states.

    Example:
        >>> print(try_plugin("blur"))  # doctest: +SKIP
    """
    module = _module_in(path)
    file = read_plugin(module)
    manifest, folder = file.manifest, module.parent
    report = TrialReport(f"{manifest.id} {manifest.version} ({module})")
    _report_file(report, file)
    examples = read_examples(folder / "tests.json")
    with ExitStack() as stack:
        private = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        began = time.perf_counter()
        plugins = Plugins(private / "plugins", private / "cache")
        stack.callback(plugins.close)
        installed = plugins.install(module, grant)
        took_s = time.perf_counter() - began
        report.ok("compiles", f"in {took_s:.2f} s (limit 20 s)")
        for one in missing(manifest.asked, installed.granted):
            report.note(f"asks for {one}", "it was not granted here: --grant")
        report.ok("limits", _limits_of(plugins.plugin(manifest.id)))
        compiled = CompiledModules(private / "cache", private / "plugins/cache.key")
        code = compiled.code_of(file.wasm, manifest.sha256, manifest.id)
        for effect in manifest.effects:
            try_effect(report, _ready(plugins, manifest), code, effect)
        _try_examples(report, plugins, manifest, examples, folder)
    _report_missing(report, manifest, examples)
    return report


def _module_in(path: Path | str) -> Path:
    """Return the module of a project: the one `.wasm` file in its folder."""
    found = Path(path)
    if not found.is_dir():
        return plugin_file(path)
    modules = sorted(found.glob("*.wasm"))
    if not modules:
        raise PluginError(
            f"{found} has no .wasm file: build it first, with 'sh build.sh' or --build"
        )
    if len(modules) > 1:
        names = ", ".join(one.name for one in modules)
        raise PluginError(f"{found} has several .wasm files: name one of {names}")
    return modules[0]


def _report_file(report: TrialReport, file: PluginFile) -> None:
    manifest, facts = file.manifest, read_module(file.wasm)
    offered = [f"{len(getattr(manifest, name))} {name}" for name in _OFFERS]
    offered = [one for one in offered if not one.startswith("0 ")]
    events = f"events {', '.join(manifest.events)}" if manifest.events else ""
    report.ok(
        "manifest",
        "; ".join(filter(None, [", ".join(manifest.types), *offered, events])),
    )
    size, most = len(file.wasm), MAX_MODULE_BYTES
    imports = "host_call" if facts.imports else "nothing"
    exports = ", ".join(name for name in facts.exports if name.startswith("tnb_"))
    report.ok("module", f"{size:,} bytes (limit {most:,}), imports {imports}")
    report.ok("exports", exports)


def _limits_of(plugin: Plugin) -> str:
    limits = plugin.limits
    return (
        f"level {plugin.level}: {limits.memory_bytes >> 20} MiB, "
        f"{limits.seconds:g} s a call, {limits.calls_per_s} host calls a second"
    )


def _ready(plugins: Plugins, manifest: PluginManifest) -> Plugin:
    """Return the plugin, started anew if it failed too often."""
    plugin = plugins.plugin(manifest.id)
    if plugin.state == "error":
        plugin.start()
    return plugin


def _try_examples(
    report: TrialReport,
    plugins: Plugins,
    manifest: PluginManifest,
    examples: Examples,
    folder: Path,
) -> None:
    for effect in examples.effects:
        try_effect_example(report, _ready(plugins, manifest), effect)
    for command in examples.commands:
        _try_command(report, _ready(plugins, manifest), command, folder)
    for analyzer in examples.analyzers:
        _ready(plugins, manifest)
        try_analyzer_example(report, plugins, manifest, analyzer)
    for importer in examples.importers:
        _ready(plugins, manifest)
        try_importer_example(report, plugins, manifest, importer, folder)
    for exporter in examples.exporters:
        _ready(plugins, manifest)
        try_exporter_example(report, plugins, manifest, exporter, folder)


def _try_command(
    report: TrialReport, plugin: Plugin, example: CommandExample, folder: Path
) -> None:
    what = f"command {example.command} {example.args or ''}".rstrip()
    with report.trying(what, example.error):
        began = time.perf_counter()
        result = plugin.call(example.command, _in_folder(plugin, example, folder))
        took_ms = (time.perf_counter() - began) * 1e3
        if example.error:
            return
        if example.result is not None and result != example.result:
            raise PluginError(f"the result is {result}, not {example.result}")
        report.ok(what, f"{took_ms:.1f} ms")


def _in_folder(
    plugin: Plugin, example: CommandExample, folder: Path
) -> Mapping[str, Any]:
    """Return arguments whose files are named from the project's folder."""
    schemas = {one.name: one.args for one in plugin.manifest.commands}
    properties = schemas.get(example.command, {}).get("properties", {})
    return {
        name: str(folder / value)
        if isinstance(value, str) and is_file(properties.get(name, {}))
        else value
        for name, value in example.args.items()
    }


def _report_missing(
    report: TrialReport, manifest: PluginManifest, examples: Examples
) -> None:
    """Note what is offered and has no example."""
    for plural, one in _OFFERS.items():
        tried = {getattr(example, one) for example in getattr(examples, plural)}
        for offer in getattr(manifest, plural):
            if offer.name not in tried:
                report.note(f"{one} {offer.name}", "tests.json has no example of it")
