"""Requests of the sign-in widget."""

from timeline_nb.widgets.bounds import AddressText
from timeline_nb.widgets.request import Request

__all__ = ["CancelSignInRequest", "PasteAddressRequest"]


class PasteAddressRequest(Request, frozen=True, kw_only=True, tag="pasteAddress"):
    """Give the address that the browser ended at.

    It holds a code that is used once, and is no trait: no saved notebook contains it.
    """

    address: AddressText

    def __repr__(self) -> str:
        return "PasteAddressRequest(••••••)"


class CancelSignInRequest(Request, frozen=True, kw_only=True, tag="cancelSignIn"):
    """Cancel the sign-in."""
