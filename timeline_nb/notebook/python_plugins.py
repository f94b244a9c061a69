"""Python plugins in a cell: what they are, and the question before one is enabled."""

from html import escape
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError

if TYPE_CHECKING:
    from timeline_nb.python_plugins.loader import LoadedPlugin
    from timeline_nb.python_plugins.plugins import FoundPlugin, PythonPlugins
    from timeline_nb.studio import Studio

__all__ = ["RUNS_FREELY", "PythonPluginView", "enable", "is_python", "python_view"]

# How a plugin runs, in tables.
RUNS_FREELY: Final = "with full rights"
_OFFERS: Final = (
    "effects",
    "detectors",
    "analyzers",
    "importers",
    "exporters",
    "commands",
)


class PythonPluginView:
    """What a cell shows of a Python plugin.

    Args:
        found: The plugin.
        loaded: What it declares, if it was loaded.
    """

    def __init__(
        self, found: "FoundPlugin", loaded: "LoadedPlugin | None" = None
    ) -> None:
        self.id = found.name
        self.version = found.version
        self.package = found.package
        self.license = found.entry.license if found.entry else ""
        self.state = found.state
        self.fault = found.fault
        self.runs = RUNS_FREELY
        self.about = loaded.declared.about if loaded else ""
        offered = {one: getattr(loaded.declared, one) for one in _OFFERS if loaded}
        self.offers: dict[str, list[str]] = {
            what: sorted(names) for what, names in offered.items() if names
        }
        heard = [kinds for kinds, _ in loaded.declared.listeners] if loaded else []
        if heard:
            self.offers["listens to"] = sorted(frozenset().union(*heard))

    def __repr__(self) -> str:
        lines = [f"{self._title}: {self.state}, runs {self.runs}", *self._lines]
        return "\n  ".join(lines)

    def _repr_html_(self) -> str:
        facts = f"{self.state}, runs {self.runs}"
        lines = "".join(f"<p>{escape(line)}</p>" for line in self._lines)
        return f"<b>{escape(self._title)}</b> <small>{escape(facts)}</small>{lines}"

    @property
    def row(self) -> dict[str, Any]:
        """What a table of plugins shows of it; no permissions limit it."""
        return {
            "id": self.id,
            "version": self.version,
            "name": f"package {self.package}",
            "runs": self.runs,
            "license": self.license,
            "state": self.state,
            "level": "",
            "granted": "",
            "missing": "",
            "refused": 0,
        }

    @property
    def _title(self) -> str:
        facts = ", ".join(filter(None, (f"package {self.package}", self.license)))
        return f"{self.id} {self.version} ({facts})"

    @property
    def _lines(self) -> list[str]:
        lines = [self.about] if self.about else []
        lines += [self.fault] if self.fault else []
        lines += [f"{what}: {', '.join(names)}" for what, names in self.offers.items()]
        if self.state == "not enabled":
            lines.append(f"to enable it: tl.plugins.enable({self.id!r})")
        return lines


def python_view(studio: "Studio", name: str) -> PythonPluginView:
    """Return what is known of a plugin, with what it declares if it was loaded.

    Raises:
        PluginError: There is none.
    """
    return _view(studio.python_plugins, studio.python_plugins.found(name))


def _view(plugins: "PythonPlugins", found: "FoundPlugin") -> PythonPluginView:
    is_loaded = found.state == "loaded"
    return PythonPluginView(found, plugins.loaded(found.name) if is_loaded else None)


def is_python(studio: "Studio", name: str) -> bool:
    """Return whether a plugin is of a Python package, and not one in a sandbox.

    Raises:
        PluginError: There is no such plugin of either kind.
    """
    from timeline_nb.python_plugins.entries import entries

    if name in studio.python_plugins.enabled():
        return True
    boxed = studio.plugins.manifests() if studio.has_wasm_plugins else {}
    if name in boxed:
        return False
    packages = {one.name for one in entries()}
    if name not in packages:
        hint = suggestion(name, sorted(packages | boxed.keys()))
        raise PluginError(f"there is no plugin {name!r}{hint}")
    return True


def enable(
    studio: "Studio", name: str, package: str | None, *, full_rights: bool
) -> PythonPluginView:
    """Enable a plugin, after a person said yes to what that means.

    Args:
        studio: Whose plugins.
        name: The plugin's.
        package: The distribution that brings it, where several have one of the name.
        full_rights: Whether the person says yes by this argument, and is not asked.

    Raises:
        PluginError: There is no such plugin, a plugin in a sandbox has its id, or
            nobody can be asked.
    """
    from timeline_nb.python_plugins.plugins import FULL_RIGHTS

    plugins = studio.python_plugins
    found = plugins.found(name, package)
    check_free(studio, name)
    if not full_rights:
        label = f"the plugin {name!r} of the package {found.package} {found.version}"
        if not _agreed(
            f"Enable {label}? {FULL_RIGHTS}\nType yes to enable it: ",
            otherwise=f"{label} is not enabled. {FULL_RIGHTS} To enable it without a "
            f"question: tl.plugins.enable({name!r}, full_rights=True)",
        ):
            return python_view(studio, name)
    return _view(plugins, plugins.enable(name, package))


def check_free(studio: "Studio", name: str) -> None:
    """Check that no plugin in a sandbox has the id of a Python plugin.

    Raises:
        PluginError: One has.
    """
    if studio.has_wasm_plugins and name in studio.plugins.manifests():
        raise PluginError(
            f"a plugin that runs in a sandbox has the id {name!r}, too: remove it with "
            f"tl.plugins.remove({name!r}) before you enable this one"
        )


def _agreed(question: str, *, otherwise: str) -> bool:
    """Ask a person, who types yes or something else.

    Raises:
        PluginError: Nobody can be asked.
    """
    from timeline_nb.security.prompt import has_person

    answer: str | None = None
    if has_person():
        try:
            answer = input(question)
        # ipykernel: StdinNotImplementedError where its client takes no input, and
        # RuntimeError in threads that cannot ask.
        except (NotImplementedError, EOFError, OSError, RuntimeError):
            answer = None
    if answer is None:
        raise PluginError(otherwise)
    return answer.strip().lower() in {"yes", "y"}
