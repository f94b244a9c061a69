"""Who signs: a chain of certificates, its key, and whether both can be used."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.core.near_names import kind_of, quoted
from timeline_nb.errors import CredentialError
from timeline_nb.security.secret import Secret, is_key_like

if TYPE_CHECKING:
    from cryptography import x509

__all__ = [
    "Credentials",
    "certificates_in",
    "sign_with",
    "signing_algorithm",
    "without_keys",
]

MAX_CERTIFICATE_BYTES: Final = FileLimit("TIMELINE_NB_MAX_CERTIFICATE_BYTES", 1 << 20)
_BLOCK: Final = re.compile(
    "-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]*+-----END CERTIFICATE-----"
)
_BEGIN: Final = "-----BEGIN"
_MOST_CERTIFICATES: Final = 20
# Smaller RSA keys are not allowed by C2PA.
_LEAST_RSA_BITS: Final = 2048


class Credentials:
    """Who signs a film: a certificate and its key, for `render(credentials=...)`.

    Args:
        certificate: The chain as PEM, the signer's own certificate first: a file or
            its text. A private key in it is not read.
        key: The private key as PEM: a `tl.Secret`, or its name in the vault.

    Raises:
        CredentialError: The certificate cannot be read, is not valid now, or is not of
            the key.

    Example:
        >>> who = tl.Credentials("chain.pem", "signing")  # doctest: +SKIP
        >>> trial = tl.trial_credentials("Ada")
        >>> trial
        <Credentials 'Ada' by 'timeline_nb ...', ES256, until ...>
        >>> trial.name, trial.algorithm, trial.key_name
        ('Ada', 'ES256', '')
    """

    def __init__(
        self, certificate: "str | bytes | os.PathLike[str]", key: Secret | str
    ) -> None:
        kind = kind_of(key)
        is_plain = isinstance(key, str) and is_key_like(key)
        held: Any = None if is_plain else key
        # What an error shows of this call is then masked.
        del key
        certificate = without_keys(certificate)
        if not isinstance(held, (Secret, str)):
            # It may be a key, too, such as the bytes of one.
            del held
            raise CredentialError(
                f"key is {'plain text' if is_plain else kind}: give "
                "tl.Secret(...) of its PEM, or its name in the vault, so that no cell "
                "shows it"
            )
        self._key: Secret | str = held
        self.chain = certificates_in(certificate, what="certificate")
        self._leaf = _loaded(self.chain)[0]
        _check_dates(self._leaf)
        if isinstance(held, Secret):
            self._check_key(held)

    @property
    def key_name(self) -> str:
        """The name of the key in the vault; empty of one that was given itself."""
        return self._key if isinstance(self._key, str) else ""

    @property
    def name(self) -> str:
        """Who signs: the common name of the certificate, or its organization."""
        from cryptography.x509 import NameOID

        for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
            if found := self._leaf.subject.get_attributes_for_oid(kind):
                return str(found[0].value)
        return ""

    @property
    def algorithm(self) -> str:
        """The algorithm of signatures, such as `ES256`."""
        return signing_algorithm(self._leaf.public_key())

    def with_key(self, find: Callable[[str], Secret]) -> "Credentials":
        """Return the same with the key itself, found by its name.

        Raises:
            CredentialError: It is not of the certificate.
            VaultError: There is none of this name.

        Example:
            >>> who = tl.trial_credentials()
            >>> who.with_key(tl.vault.get) is who  # it has its key
            True
        """
        return (
            self
            if isinstance(self._key, Secret)
            else Credentials(self.chain, find(self._key))
        )

    def sign(self, data: bytes) -> bytes:
        """Return the signature of some bytes.

        Raises:
            CredentialError: The key is still in the vault: see `with_key`.

        Example:
            >>> signature = tl.trial_credentials().sign(b"what is signed")
            >>> signature[:1]  # a sequence of two numbers, in DER
            b'0'
        """
        if not isinstance(self._key, Secret):
            raise CredentialError(f"the key {self._key!r} was not taken from the vault")
        return sign_with(self._key, data)

    def _check_key(self, key: Secret) -> None:
        fault = _key_fault(key, self._leaf)
        if fault:
            raise CredentialError(f"the key of {quoted(self.name)} {fault}")

    def __repr__(self) -> str:
        # What a traceback shows of one that is not made yet.
        if "_leaf" not in vars(self):
            return "<Credentials>"
        until = self._leaf.not_valid_after_utc
        return (
            f"<Credentials {self.name!r} by {_issuer(self._leaf)!r}, {self.algorithm}, "
            f"until {until:%Y-%m-%d}>"
        )


def without_keys(given: Any) -> Any:
    """Return what a caller gave as certificates, without a private key in it.

    It raises nothing, so that a caller has the rest in no variable when something does.

    Returns:
        The certificates of a text, a path as it is, and the type of anything else.
    """
    if isinstance(given, bytes):
        text = given.decode("ascii", errors="replace")
        return "\n".join(_BLOCK.findall(text)) or _BEGIN
    if isinstance(given, str) and _BEGIN in given:
        return "\n".join(_BLOCK.findall(given)) or _BEGIN
    is_kept = isinstance(given, (str, os.PathLike, type))
    return given if is_kept else type(given)


def certificates_in(given: "str | bytes | os.PathLike[str]", *, what: str) -> str:
    """Return the certificates of a file or a text as PEM, and nothing else of it.

    Raises:
        CredentialError: It cannot be read, or holds none.
    """
    source = without_keys(given)
    del given
    if isinstance(source, str) and _BEGIN in source:
        text = source
    elif isinstance(source, (str, os.PathLike)):
        data = read_limited(Path(source), MAX_CERTIFICATE_BYTES, CredentialError)
        text = data.decode("ascii", errors="replace")
        del data
    else:
        raise CredentialError(
            f"{what} is of type {source.__name__}: give a PEM file, or its text"
        )
    # A file may hold the private key, too: it is dropped here, before anything raises.
    blocks = _BLOCK.findall(text)
    del text
    if not blocks or len(blocks) > _MOST_CERTIFICATES:
        raise CredentialError(
            f"{what}: there are {len(blocks)} certificates in it, and PEM with 1 to "
            f"{_MOST_CERTIFICATES} is needed: -----BEGIN CERTIFICATE----- ..."
        )
    chain = "\n".join([*blocks, ""])
    _loaded(chain, what)
    return chain


def _loaded(chain: str, what: str = "certificate") -> "list[x509.Certificate]":
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(chain.encode())
    except ValueError as error:
        raise CredentialError(f"{what} is no certificate: {error}") from error


def _check_dates(leaf: "x509.Certificate") -> None:
    now = datetime.now(UTC)
    if now > leaf.not_valid_after_utc:
        raise CredentialError(
            f"the certificate ended on {leaf.not_valid_after_utc:%Y-%m-%d}: renew it"
        )
    if now < leaf.not_valid_before_utc:
        raise CredentialError(
            f"the certificate is valid from {leaf.not_valid_before_utc:%Y-%m-%d} on"
        )


def _key_fault(key: Secret, leaf: "x509.Certificate") -> str:
    """Return why a key cannot sign for a certificate; empty if it can."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization as forms

    fault = ""
    try:
        private = forms.load_pem_private_key(key.reveal().encode(), None)
        own = private.public_key()
    except TypeError:
        fault = "is encrypted: keep it without a passphrase in the vault, which has one"
    except (ValueError, UnsupportedAlgorithm):
        fault = "is no private key as PEM"
    if fault:
        return fault
    if not signing_algorithm(own):
        return "is of a kind that C2PA does not allow: use P-256, P-384 or Ed25519"
    is_same = own == leaf.public_key()
    return "" if is_same else "is not that of the certificate: take the one it is for"


def signing_algorithm(public: Any) -> str:
    """Return the algorithm of a key's signatures (C2PA 2.1, 13.2); empty of others."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(public, ec.EllipticCurvePublicKey):
        names = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
        return names.get(public.curve.name, "")
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "ED25519"
    is_rsa = isinstance(public, rsa.RSAPublicKey)
    return "PS256" if is_rsa and public.key_size >= _LEAST_RSA_BITS else ""


def sign_with(key: Secret, data: bytes) -> bytes:
    """Return the signature of some bytes; the key's text is in no variable."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives import serialization as forms
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    private = forms.load_pem_private_key(key.reveal().encode(), None)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return private.sign(data)
    if isinstance(private, rsa.RSAPrivateKey):
        salted = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
        return private.sign(data, salted, hashes.SHA256())
    if isinstance(private, ec.EllipticCurvePrivateKey):
        by_size = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
        return private.sign(data, ec.ECDSA(by_size[private.curve.key_size]))
    raise CredentialError("the key is of a kind that C2PA does not allow")


def _issuer(leaf: "x509.Certificate") -> str:
    from cryptography.x509 import NameOID

    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if found := leaf.issuer.get_attributes_for_oid(kind):
            return str(found[0].value)
    return ""
