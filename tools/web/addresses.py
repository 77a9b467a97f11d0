"""Which network addresses lie on the public internet.

Registries: IANA IPv4 and IPv6 Special-Purpose Address Registries. `ipaddress.is_global` alone
is not enough: it lets cloud metadata addresses and tunnels to private networks pass.
"""

from ipaddress import IPv4Network, IPv6Network, ip_address

_REFUSED_4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_UNICAST_6 = IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    IPv6Network(net)
    # Teredo and other tunnels, benchmarks, ORCHID, documentation, 6to4.
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Whether an address (not a name) is a public unicast address, reached without a tunnel.

    IPv6 outside 2000::/3 is refused as a whole; that holds IPv4-mapped, NAT64, unique local
    and link-local addresses, and everything with a zone.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if parsed.version == 4:
        return parsed.is_global and not any(parsed in net for net in _REFUSED_4)
    return (
        parsed.scope_id is None
        and parsed.is_global
        and parsed in _UNICAST_6
        and not any(parsed in net for net in _REFUSED_6)
    )


def refused_networks() -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks inside the unicast space to which nothing is ever connected."""
    return (*_REFUSED_4, *_REFUSED_6, *map(IPv6Network, ("::/3", "4000::/2", "8000::/1")))
