"""Requests of plugins' panels, and of the dialog of their permissions."""

from typing import Annotated, TypeAlias

from msgspec import Meta

from timeline_nb.widgets.bounds import Count, Name, Number
from timeline_nb.widgets.request import Request

__all__ = [
    "AllowPermissionsRequest",
    "CancelPanelRequest",
    "PressPanelRequest",
    "RefreshPanelRequest",
    "RevokePermissionsRequest",
]

# As long as a permission may be: a folder's path, and more.
PermissionText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1_000)]
Permissions: TypeAlias = Annotated[list[PermissionText], Meta(max_length=100)]
FieldName: TypeAlias = Annotated[str, Meta(max_length=60)]
FieldText: TypeAlias = Annotated[str, Meta(max_length=4_096)]
FieldValues: TypeAlias = Annotated[
    dict[FieldName, FieldText | bool | Number], Meta(max_length=100)
]


class RefreshPanelRequest(Request, frozen=True, kw_only=True, tag="refreshPanel"):
    """Ask a plugin for its panel again; one that has failed is started again."""

    plugin: Name


class PressPanelRequest(Request, frozen=True, kw_only=True, tag="pressPanel"):
    """Run the command of a button.

    Args:
        plugin: Whose panel it is.
        version: Of the panel that the person saw.
        button: Its number among the panel's items.
        values: Of the fields.
    """

    plugin: Name
    version: Count
    button: Count
    values: FieldValues


class CancelPanelRequest(Request, frozen=True, kw_only=True, tag="cancelPanel"):
    """Cancel the command that a button has started."""

    plugin: Name


class AllowPermissionsRequest(
    Request, frozen=True, kw_only=True, tag="allowPermissions"
):
    """Grant a plugin what it asks for, or part of it."""

    permissions: Permissions


class RevokePermissionsRequest(
    Request, frozen=True, kw_only=True, tag="revokePermissions"
):
    """Take permissions back; all of them if none is named."""

    permissions: Permissions
