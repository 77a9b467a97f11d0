"""Registrable domains ("reports.example.co.uk" → "example.co.uk"), without any network."""

from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

import tldextract

# No list is fetched and none is cached: the one delivered with the package is used.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """The domain somebody registered; the host itself where it is under no public suffix."""
    host = host.rstrip(".").casefold()
    return _extract(host).top_domain_under_public_suffix or host


def host_of(url: str) -> str:
    """The host of an address; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""


def on_domains(url: str, domains: Collection[str]) -> bool:
    """Whether an address lies on one of these registrable domains."""
    host = host_of(url)
    return bool(host) and registrable(host) in {registrable(domain) for domain in domains}
