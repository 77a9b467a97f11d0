from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.web.addresses import is_public, refused_networks

steady = settings(deadline=None, derandomize=True)

V4 = [net for net in refused_networks() if net.version == 4]
V6 = [net for net in refused_networks() if net.version == 6]


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "151.101.1.69", "2606:2800:220:1:248:1893:25c8:1946"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@steady
@given(st.sampled_from(V4 + V6), st.data())
def test_no_address_of_a_special_network_is_public(net, data) -> None:  # type: ignore[no-untyped-def]
    number = data.draw(st.integers(int(net.network_address), int(net.broadcast_address)))
    made = IPv4Address(number) if net.version == 4 else IPv6Address(number)
    assert not is_public(str(made))


@steady
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_public_or_special_never_both(address: IPv4Address) -> None:
    special = any(address in net for net in V4)
    assert is_public(str(address)) == (not special and address.is_global)


@steady
@given(st.ip_addresses(v=4))
def test_no_way_of_wrapping_an_ipv4_address_makes_it_public(address: IPv4Address) -> None:
    number = int(address)
    wrapped = [
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address(number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address((0x20010000 << 96) | number),
    ]
    assert not any(is_public(str(item)) for item in wrapped)


@steady
@given(st.ip_addresses(v=6))
def test_a_public_ipv6_address_is_global_unicast(address: IPv6Address) -> None:
    if is_public(str(address)):
        assert int(address) >> 125 == 0b001
        assert not any(address in net for net in V6)


@steady
@given(st.text(max_size=40))
def test_what_is_no_address_is_not_public(text: str) -> None:
    try:
        IPv4Address(text)
    except ValueError:
        try:
            IPv6Address(text)
        except ValueError:
            assert not is_public(text)


@steady
@given(st.ip_addresses(v=6), st.text("abcdef0123456789", min_size=1, max_size=5))
def test_an_address_with_a_zone_is_not_public(address: IPv6Address, zone: str) -> None:
    assert not is_public(f"{address}%{zone}")
