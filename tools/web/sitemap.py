"""Sitemaps (sitemaps.org): the addresses a site lists of itself."""

from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages of a sitemap, or the further sitemaps of an index."""

    pages: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


def read_sitemap(text: str) -> Sitemap:
    """Read a sitemap or an index of sitemaps; empty where the text is neither."""
    try:
        root = fromstring(text.strip())
    except (ParseError, DefusedXmlException, ValueError):
        return Sitemap()
    found = [
        (node.text or "").strip() for node in root.iter() if node.tag.rpartition("}")[2] == "loc"
    ]
    urls = tuple(url for url in found if url.startswith(("http://", "https://")))[:_MOST]
    index = root.tag.rpartition("}")[2] == "sitemapindex"
    return Sitemap(further=urls) if index else Sitemap(pages=urls)
