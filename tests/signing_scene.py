"""Certificates of an authority that a test trusts, or does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["KINDS", "certificate", "pem_of"]

KINDS: dict[str, Any] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ED25519": ed25519.Ed25519PrivateKey.generate,
    "PS256": lambda: rsa.generate_private_key(65537, 2048),
}


def pem_of(key: Any) -> str:
    """The text of a private key."""
    return str(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "The Film Society"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def certificate(kind: str = "ES256", *, days: float = 30) -> tuple[str, str, str]:
    """The chain of a signer, its key, and the authority alone, all as PEM."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), KINDS[kind]()
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    made = []
    for name, own, is_ca in (("Ada", key, False), ("Authority", authority, True)):
        own_use = "key_cert_sign" if is_ca else "digital_signature"
        does = usage | {own_use: True}
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name("Authority"))
            .public_key(own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(x509.KeyUsage(**does), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    authority.public_key()
                ),
                False,
            )
        )
        if not is_ca:
            purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            builder = builder.add_extension(purposes, False)
        signed = builder.sign(authority, hashes.SHA256())
        made.append(signed.public_bytes(serialization.Encoding.PEM).decode())
    return "".join(made), pem_of(key), made[1]
