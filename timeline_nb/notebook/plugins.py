"""Plugins in a notebook: install, list, grant, call and remove them."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.notebook.progress import finish
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.wasm_plugins.denials import Denial
    from timeline_nb.wasm_plugins.plugin import Plugin
    from timeline_nb.wasm_plugins.plugins import InstalledPlugin, Plugins

__all__ = ["NotebookPlugins", "PluginView", "plugins"]

# In the class below, `list` is a method.
_Denials: TypeAlias = "list[Denial]"


class PluginView:
    """What a cell shows of a plugin: what it may do, and what it asks for.

    Args:
        found: The plugin.
    """

    def __init__(self, found: "InstalledPlugin") -> None:
        self.id = found.manifest.id
        self.version = found.manifest.version
        self.name = found.manifest.name or found.manifest.id
        self.about = found.manifest.about
        self.license = found.manifest.license
        self.commands = [one.name for one in found.manifest.commands]
        self.effects = [one.name for one in found.manifest.effects]
        self.analyzers = [one.name for one in found.manifest.analyzers]
        self.importers = [one.name for one in found.manifest.importers]
        self.exporters = [one.name for one in found.manifest.exporters]
        self._uses = found.manifest.uses
        self.level = found.level
        self.state = found.state
        self.granted = list(map(str, found.granted))
        self.missing = list(map(str, found.missing))
        self._sentences = [(str(one), one.sentence, True) for one in found.granted]
        self._sentences += [(str(one), one.sentence, False) for one in found.missing]

    def __repr__(self) -> str:
        lines = [
            f"{self.name} {self.version} ({self.id}), {self.license}: {self.state}"
        ]
        lines += [self.about] if self.about else []
        lines += [f"  offers {line}" for line in self._uses]
        for name, sentence, is_granted in self._sentences:
            lines.append(f"  {'may' if is_granted else 'asks to'} {sentence} ({name})")
        if grant := self._grant:
            lines.append(f"  to allow it: {grant}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{'allowed' if is_granted else 'not allowed'}</td>"
            f"<td>{escape(sentence)}</td><td><code>{escape(name)}</code></td></tr>"
            for name, sentence, is_granted in self._sentences
        )
        title = f"{self.name} {self.version}"
        uses = "<br>".join(f"offers {escape(line)}" for line in self._uses)
        facts = f"{self.id}, {self.license}, {self.state}, limits: {self.level}"
        grant = f"<p>To allow it: <code>{escape(self._grant)}</code></p>"
        return (
            f"<b>{escape(title)}</b> <small>{escape(facts)}</small>"
            f"<p>{escape(self.about)}</p><p>{uses}</p><table>{rows}</table>"
            f"{grant if self._grant else ''}"
        )

    @property
    def _grant(self) -> str:
        """The call that grants what is missing; `*` stands for what a person names."""
        wanted = [one for one in self.missing if not one.startswith("process")]
        shown = ", ".join(map(repr, wanted))
        return f"tl.plugins.grant({self.id!r}, {shown})" if wanted else ""


class NotebookPlugins:
    """Plugins by id; a cell shows them as a table.

    A plugin runs in a sandbox. It reads, writes and sends what a person granted it, and
    nothing else.

    Args:
        studio: Whose plugins; the notebook's own if not given.

    Example:
        >>> import timeline_nb as tl
        >>> tl.plugins.install("blur")  # doctest: +SKIP
        >>> tl.plugins.call("timeline-nb.blur", "get_presets")  # doctest: +SKIP
    """

    def __init__(self, studio: Studio | None = None) -> None:
        self._studio = studio

    @property
    def _owner(self) -> Studio:
        return self._studio or default_studio()

    @property
    def _plugins(self) -> "Plugins":
        return self._owner.plugins

    def install(self, path: Path | str, *, grant: Iterable[str] = ()) -> PluginView:
        """Install a plugin, and show what it asks for; nothing of it runs yet.

        Args:
            path: Its `.wasm` file, with its manifest beside it (`.json`) or within it;
                or the name of one that comes with the package: `"blur"`.
            grant: What it may do, of what it asks for: `"network:*.example.com"`.

        Raises:
            PluginError: It is no plugin, does not ask for that, or does not compile.
        """
        return finish(lambda: self.start_install(path, grant=grant))

    def start_install(
        self, path: Path | str, *, grant: Iterable[str] = ()
    ) -> Job[PluginView]:
        """Start `install` as a job, which can be awaited, watched and cancelled."""
        owner, wanted = self._plugins, tuple(grant)
        return self._owner.start(
            f"install {Path(path).name}",
            lambda _: PluginView(owner.install(path, wanted)),
        )

    def grant(self, name: str, *permissions: str) -> PluginView:
        """Let a plugin do what it asks for, or a part of it.

        Args:
            name: Its id.
            permissions: Such as `"read:/home/ada/films"`.

        Raises:
            PluginError: There is no such plugin, or it does not ask for that.
        """
        return PluginView(self._plugins.grant(name, *permissions))

    def revoke(self, name: str, *permissions: str) -> PluginView:
        """Take back what a plugin may do; what runs of it is stopped.

        Raises:
            PluginError: There is no such plugin.
        """
        return PluginView(self._plugins.revoke(name, *permissions))

    def remove(self, name: str) -> None:
        """Stop a plugin, and delete it with its permissions.

        Raises:
            PluginError: There is no such plugin.
        """
        self._plugins.remove(name)

    def list(self) -> "list[PluginView]":
        """Return the installed plugins, by id.

        Raises:
            PluginError: A file of theirs is damaged.
        """
        return [PluginView(one) for one in self._plugins.all()]

    def call(
        self, name: str, command: str, args: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Run a command of a plugin and return its result; an interrupt ends it.

        Args:
            name: The plugin's id.
            command: One of its commands.
            args: Its arguments. A file is given by its path.

        Raises:
            PluginError: There is no such plugin or command, the arguments do not fit,
                or it failed or was stopped.
        """
        return finish(lambda: self.start_call(name, command, args))

    def start_call(
        self, name: str, command: str, args: Mapping[str, Any] | None = None
    ) -> Job[dict[str, Any]]:
        """Start `call` as a job, which can be awaited, watched and cancelled."""
        owner, given = self._plugins, dict(args or {})

        def work(reporter: Reporter) -> dict[str, Any]:
            return owner.call(name, command, given, check=reporter.check)

        return self._owner.start(f"{command} of {name}", work)

    def plugin(self, name: str) -> "Plugin":
        """Return a plugin itself, with its effects on pictures, and its states.

        Raises:
            PluginError: There is no such plugin, or what it requires is missing.
        """
        return self._plugins.plugin(name)

    def denials(self, name: str | None = None) -> _Denials:
        """Return what plugins asked for and were refused, the last one last."""
        return self._plugins.denials(name)

    def table(self) -> "pd.DataFrame":
        """Return one row per plugin: id, version, name, state, level, permissions.

        Raises:
            PluginError: A file of theirs is damaged.
        """
        import pandas as pd

        rows = [
            {
                "id": one.id,
                "version": one.version,
                "name": one.name,
                "license": one.license,
                "state": one.state,
                "level": one.level,
                "granted": ", ".join(one.granted),
                "missing": ", ".join(one.missing),
                "refused": len(self.denials(one.id)),
            }
            for one in self.list()
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        return f"<plugins: {', '.join(one.id for one in self.list()) or 'none'}>"

    def _repr_html_(self) -> Any:
        return self.table().to_html(index=False, escape=True)


plugins = NotebookPlugins()
