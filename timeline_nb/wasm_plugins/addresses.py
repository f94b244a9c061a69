"""Which addresses are on the internet, and not of this machine or its network."""

import ipaddress
from typing import Final

__all__ = ["is_public"]

# RFC 6052: IPv4 within IPv6, for networks that have only IPv6.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_IPV4_BITS: Final = 0xFFFFFFFF


def is_public(address: str) -> bool:
    """Return whether anybody on the internet reaches an address.

    An address that carries another one (IPv4-mapped, NAT64, 6to4, Teredo) is as public
    as the one that it carries.

    Args:
        address: IPv4 or IPv6, as the system's resolver writes it.

    Example:
        >>> is_public("::ffff:169.254.169.254")
        False
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        return all(_is_global(one) for one in _carried(ip))
    return _is_global(ip)


def _carried(
    ip: ipaddress.IPv6Address,
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    if ip.ipv4_mapped is not None:
        return [ip.ipv4_mapped]
    if ip in _NAT64:
        return [ipaddress.IPv4Address(int(ip) & _IPV4_BITS)]
    if ip.sixtofour is not None:
        return [ip.sixtofour]
    if ip.teredo is not None:
        return list(ip.teredo)
    return [ip]


def _is_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return (
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and not ip.is_unspecified
        and not getattr(ip, "is_site_local", False)
    )
