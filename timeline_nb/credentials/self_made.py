"""A certificate made here, to try content credentials with; it never looks trusted."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.security.secret import Secret

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["TEST_ISSUER", "self_made"]

# Readers show it, and ours trusts nothing that bears it, whatever the anchors.
TEST_ISSUER: Final = "timeline_nb TEST, not to be trusted"
_DAYS: Final = 30
# Clocks of two machines differ.
_BEFORE: Final = timedelta(hours=1)


def self_made(name: str) -> tuple[str, Secret]:
    """Return a chain of certificates as PEM, the leaf first, and the leaf's key.

    The key of the authority is forgotten at once. The leaf is as C2PA 2.1 asks in
    section 14.5: P-256, digital signatures only, for e-mail protection.

    Args:
        name: Whose films are signed; the certificate's common name.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = _named(f"{TEST_ISSUER} (authority)")
    root = (
        _builder(issuer, issuer, authority.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    leaf = (
        _builder(_named(name), issuer, own.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()),
            critical=False,
        )
    )
    chain = "".join(
        one.sign(authority, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
        .decode()
        for one in (leaf, root)
    )
    key = Secret(
        own.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
    )
    return chain, key


def _named(common_name: str) -> "x509.Name":
    from cryptography import x509

    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, TEST_ISSUER),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: "x509.Name", issuer: "x509.Name", key: Any
) -> "x509.CertificateBuilder":
    from cryptography import x509

    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
