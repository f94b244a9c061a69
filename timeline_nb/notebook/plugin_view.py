"""What a cell shows of a plugin: its permissions, with buttons that allow them."""

from html import escape
from typing import TYPE_CHECKING, Any

from timeline_nb.notebook.accounts import has_kernel

if TYPE_CHECKING:
    from timeline_nb.studio import Studio
    from timeline_nb.wasm_plugins.plugins import InstalledPlugin
    from timeline_nb.widgets.permissions import PermissionsWidget

__all__ = ["PluginView"]


class PluginView:
    """What a cell shows of a plugin: what it may do, and what it asks for.

    In a notebook it has boxes and buttons, which allow and take back; elsewhere it is
    text, with the call that allows what is asked for.

    Args:
        found: The plugin.
        studio: Whose it is.
    """

    def __init__(self, found: "InstalledPlugin", studio: "Studio") -> None:
        self._studio = studio
        self.id = found.manifest.id
        self.version = found.manifest.version
        self.runs = "in a sandbox"
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
        self.requires = {one.id: one.version for one in found.requires}
        self._sentences = [(str(one), one.sentence, True) for one in found.granted]
        self._sentences += [(str(one), one.sentence, False) for one in found.missing]
        self._needs = [one.sentence for one in found.requires]
        refused = studio.plugins.denials(self.id)
        self._refused = [f"{one.what}: {one.reason}" for one in refused[-5:]]
        self._refusals = len(refused)
        self._widget: PermissionsWidget | None = None

    def __repr__(self) -> str:
        lines = [
            f"{self.name} {self.version} ({self.id}), {self.license}: {self.state}"
        ]
        lines += [self.about] if self.about else []
        lines += [f"  offers {line}" for line in self._uses]
        lines += [f"  {one}" for one in self._needs]
        for name, sentence, is_granted in self._sentences:
            lines.append(f"  {'may' if is_granted else 'asks to'} {sentence} ({name})")
        lines += [f"  was refused {one}" for one in self._refused]
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
        needs = "".join(f"<p>{escape(one)}</p>" for one in self._needs)
        refused = "".join(f"<li>{escape(one)}</li>" for one in self._refused)
        grant = f"<p>To allow it: <code>{escape(self._grant)}</code></p>"
        return (
            f"<b>{escape(title)}</b> <small>{escape(facts)}</small>"
            f"<p>{escape(self.about)}</p><p>{uses}</p>{needs}<table>{rows}</table>"
            f"{f'<p>Was refused:</p><ul>{refused}</ul>' if refused else ''}"
            f"{grant if self._grant else ''}"
        )

    def _repr_mimebundle_(
        self, **options: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the text, and in a notebook's kernel the widget with buttons."""
        data: dict[str, Any] = {"text/plain": repr(self)}
        widget = self.widget if has_kernel() else None
        if widget is None:
            return {**data, "text/html": self._repr_html_()}, {}
        made = widget._repr_mimebundle_(**options)
        shown = made[0] if isinstance(made, tuple) else made
        return {**(shown or {}), **data, "text/html": self._repr_html_()}, {}

    @property
    def widget(self) -> "PermissionsWidget | None":
        """The dialog; None if the front end was not built."""
        from timeline_nb.widgets.permissions import PermissionsWidget

        if self._widget is None or self._widget.comm is None:
            try:
                self._widget = PermissionsWidget(self._studio, self.id)
            except FileNotFoundError:
                return None
        return self._widget

    @property
    def row(self) -> dict[str, Any]:
        """What a table of plugins shows of it."""
        return {
            "id": self.id,
            "version": self.version,
            "name": self.name,
            "runs": self.runs,
            "license": self.license,
            "state": self.state,
            "level": self.level,
            "granted": ", ".join(self.granted),
            "missing": ", ".join(self.missing),
            "refused": self._refusals,
        }

    @property
    def _grant(self) -> str:
        """The call that grants what is missing; `*` stands for what a person names."""
        wanted = [one for one in self.missing if not one.startswith("process")]
        shown = ", ".join(map(repr, wanted))
        return f"tl.plugins.grant({self.id!r}, {shown})" if wanted else ""
