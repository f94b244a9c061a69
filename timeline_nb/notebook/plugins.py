"""Plugins in a notebook: install or enable, list, grant, call and remove them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.errors import PluginError
from timeline_nb.notebook.plugin_view import PluginView
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.python_plugins import (
    PythonPluginView,
    enable,
    is_python,
    python_view,
)
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.wasm_plugins.plugin import Plugin
    from timeline_nb.wasm_plugins.plugins import Plugins

__all__ = ["NotebookPlugins", "PluginView", "plugins"]

# In the class below, `list` is a method.
_Views: TypeAlias = "list[PluginView | PythonPluginView]"


class NotebookPlugins:
    """Plugins by id; a cell shows them as a table.

    A plugin in WebAssembly (`install`) runs in a sandbox: it reads, writes and sends
    what a person granted it, and nothing else. A plugin in a Python package (`enable`)
    runs with full rights.

    Args:
        studio: Whose plugins; the notebook's own if not given.

    Example:
        >>> tl.plugins.install("org.example.tint.wasm").id
        'org.example.tint'
        >>> tl.plugins.call("org.example.tint", "run", {"count": 2})
        {'command': 'run', 'args': {'count': 2}}
        >>> cut.effects.add("c1", "org.example.tint/brighten", amount=20)
    """

    def __init__(self, studio: Studio | None = None) -> None:
        self._studio = studio

    @property
    def _owner(self) -> Studio:
        return self._studio or default_studio()

    @property
    def _plugins(self) -> "Plugins":
        return self._owner.plugins

    def install(
        self, path: Path | str, *, grant: Iterable[str] | str = ()
    ) -> PluginView:
        """Install a plugin, and show what it asks for; nothing of it runs yet.

        In a notebook, the cell shows boxes and buttons that allow it.

        Args:
            path: Its `.wasm` file, with its manifest beside it (`.json`) or within it;
                or the name of one that comes with the package: `"blur"`.
            grant: What it may do, of what it asks for: `"network:*.example.com"`, or a
                list of such.

        Raises:
            PluginError: It is no plugin, does not ask for that, or does not compile.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> view.name, view.version
            ('Tint', '1.0.0')
        """
        return finish(lambda: self.start_install(path, grant=grant))

    def start_install(
        self, path: Path | str, *, grant: Iterable[str] | str = ()
    ) -> Job[PluginView]:
        """Start `install` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> job = tl.plugins.start_install("org.example.tint.wasm")
            >>> job.wait().state
            'loaded'
        """
        from timeline_nb.wasm_plugins.bundled import plugin_file

        owner, file = self._owner, plugin_file(path)
        wanted = (grant,) if isinstance(grant, str) else tuple(grant)
        return owner.start(
            f"install {file.name}",
            lambda _: PluginView(owner.plugins.install(file, wanted), owner),
        )

    def show(self, name: str) -> PluginView:
        """Return what a cell shows of a plugin: what it may do, and asks for.

        In a notebook, its buttons allow and take back.

        Raises:
            PluginError: There is no such plugin.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> tl.plugins.show("org.example.tint").license
            'Apache-2.0'
        """
        return PluginView(self._plugins.installed(name), self._owner)

    def enable(
        self, name: str, *, package: str | None = None, full_rights: bool = False
    ) -> PythonPluginView:
        """Enable a plugin of an installed Python package, once you said yes to it.

        It runs with full rights, as any package that you import: nothing limits what it
        reads, changes, deletes and sends. It is loaded when it is first used, or at the
        first event, since it may listen to events. A new version of its package stays
        enabled; another package, or code in another folder, does not.

        Args:
            name: The plugin's, as the table of `tl.plugins` has it.
            package: The package, where several have a plugin of this name.
            full_rights: Say yes here, and do not be asked.

        Raises:
            PluginError: There is no such plugin, or nobody can be asked.

        Example:
            >>> view = tl.plugins.enable(
            ...     "acme.film", package="acme-film", full_rights=True
            ... )
            >>> view.package, view.version
            ('acme-film', '1.0')
            >>> cut.effects.add("c1", "acme.film/fade_red", amount=0.5)
        """
        return enable(self._owner, name, package, full_rights=full_rights)

    def disable(self, name: str) -> PythonPluginView:
        """Use a Python plugin no longer; what was loaded of it stays until Python ends.

        Raises:
            PluginError: It is not enabled.

        Example:
            >>> view = tl.plugins.enable("acme.film", full_rights=True)
            >>> tl.plugins.disable("acme.film").state
            'not enabled'
        """
        self._owner.python_plugins.disable(name)
        return python_view(self._owner, name)

    def load(self, name: str) -> PythonPluginView:
        """Load a Python plugin that is enabled, and show what it offers.

        Raises:
            PluginError: It is not enabled, or cannot be loaded.

        Example:
            >>> view = tl.plugins.enable("acme.film", full_rights=True)
            >>> tl.plugins.load("acme.film").offers
            {'effects': ['fade_red']}
        """
        self._owner.python_plugins.loaded(name)
        return python_view(self._owner, name)

    def grant(self, name: str, *permissions: str) -> PluginView:
        """Let a plugin do what it asks for, or a part of it.

        Args:
            name: Its id.
            permissions: Such as `"read:/home/ada/films"`.

        Raises:
            PluginError: There is no such plugin, or it does not ask for that.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> tl.plugins.grant("org.example.tint", "ui:panel").granted
            ['ui:panel']
        """
        self._check_in_sandbox(name)
        return PluginView(self._plugins.grant(name, *permissions), self._owner)

    def revoke(self, name: str, *permissions: str) -> PluginView:
        """Take back what a plugin may do; what runs of it is stopped.

        Raises:
            PluginError: There is no such plugin, or it was not granted one of them.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm", grant="ui:panel")
            >>> tl.plugins.revoke("org.example.tint", "ui:panel").granted
            []
        """
        self._check_in_sandbox(name)
        return PluginView(self._plugins.revoke(name, *permissions), self._owner)

    def remove(self, name: str) -> None:
        """Stop a plugin, and delete it with its permissions.

        Raises:
            PluginError: There is no such plugin.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> tl.plugins.remove("org.example.tint")
            >>> "org.example.tint" in tl.plugins.table()["id"].tolist()
            False
        """
        self._check_in_sandbox(name)
        self._plugins.remove(name)

    def list(self) -> _Views:
        """Return the installed plugins, by id; none is loaded for it.

        Raises:
            PluginError: A file of theirs is damaged.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> "org.example.tint" in [plugin.id for plugin in tl.plugins.list()]
            True
        """
        owner = self._owner
        found: _Views = []
        if owner.has_wasm_plugins:
            found += [PluginView(one, owner) for one in owner.plugins.all()]
        found += map(PythonPluginView, owner.python_plugins.all())
        return sorted(found, key=lambda one: one.id)

    def call(
        self, name: str, command: str, args: Mapping[str, Any] | None = None
    ) -> Any:
        """Run a command of a plugin and return its result; an interrupt ends it.

        Args:
            name: The plugin's id.
            command: One of its commands.
            args: Its arguments. A file is given by its path.

        Returns:
            A dict; what the command returns, of a plugin in a Python package.

        Raises:
            PluginError: There is no such plugin or command, the arguments do not fit,
                or it failed or was stopped.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> tl.plugins.call("org.example.tint", "run", {"count": 2})
            {'command': 'run', 'args': {'count': 2}}
        """
        return finish(lambda: self.start_call(name, command, args))

    def start_call(
        self, name: str, command: str, args: Mapping[str, Any] | None = None
    ) -> Job[Any]:
        """Start `call` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> job = tl.plugins.start_call("org.example.tint", "run", {"count": 2})
            >>> job.wait()
            {'command': 'run', 'args': {'count': 2}}
        """
        owner, given = self._owner, _checked(args)
        if is_python(owner, name):
            packages = owner.python_plugins
            return owner.start(
                f"{command} of {name}", lambda _: packages.call(name, command, given)
            )
        plugins = owner.plugins

        def work(reporter: Reporter) -> dict[str, Any]:
            return plugins.call(name, command, given, check=reporter.check)

        return owner.start(f"{command} of {name}", work)

    def plugin(self, name: str) -> "Plugin":
        """Return a plugin itself, with its effects on pictures, and its states.

        Raises:
            PluginError: There is no such plugin, or what it requires is missing.

        Example:
            >>> view = tl.plugins.install("org.example.tint.wasm")
            >>> plugin = tl.plugins.plugin("org.example.tint")
            >>> plugin.manifest.version
            '1.0.0'
        """
        return self._plugins.plugin(name)

    def denials(self, name: str | None = None) -> "pd.DataFrame":
        """Return what plugins asked for and were refused since this program began.

        Args:
            name: The id of one plugin; all of them if not given.

        Returns:
            One row per refusal, the last one last: `at` (UTC), `plugin`, `what`,
            `reason`, `times`.

        Example:
            >>> tl.plugins.denials().columns.tolist()
            ['at', 'plugin', 'what', 'reason', 'times']
        """
        import pandas as pd

        found = self._plugins.denials(name)
        columns = ["at", "plugin", "what", "reason", "times"]
        rows = [[getattr(one, column) for column in columns] for one in found]
        return pd.DataFrame(rows, columns=columns)

    def table(self) -> "pd.DataFrame":
        """Return one row per plugin: id, version, how it runs, state, permissions ...

        Raises:
            PluginError: A file of theirs is damaged.

        Example:
            >>> tl.plugins.table().columns[:4].tolist()
            ['id', 'version', 'name', 'runs']
        """
        import pandas as pd

        return pd.DataFrame([one.row for one in self.list()])

    def _check_in_sandbox(self, name: str) -> None:
        """Refuse what is done to plugins in a sandbox alone."""
        if is_python(self._owner, name):
            package = self._owner.python_plugins.found(name).package
            raise PluginError(
                f"the plugin {name!r} is of the Python package {package} and runs with "
                f"full rights: tl.plugins.disable({name!r}) ends its use, and pip "
                f"uninstall {package} removes it"
            )

    def __repr__(self) -> str:
        return f"<plugins: {', '.join(one.id for one in self.list()) or 'none'}>"

    def _repr_html_(self) -> Any:
        return self.table().to_html(index=False, escape=True)


def _checked(args: object) -> dict[str, Any]:
    """Return the arguments of a command, which may be any object of a notebook."""
    if args is None:
        return {}
    if not isinstance(args, Mapping):
        raise PluginError(
            f"the arguments of a command are a dict, such as {{'film': 'a.mp4'}}, not "
            f"of the type {type(args).__name__}"
        )
    return dict(args)


plugins = NotebookPlugins()
