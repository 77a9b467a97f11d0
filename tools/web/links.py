"""The links of a page that may lead to a report, with the words that stand beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SOURCES = (
    ("a", "href"),
    ("area", "href"),
    ("iframe", "src"),
    ("frame", "src"),
    ("object", "data"),
    ("embed", "src"),
    ("[data-href]", "data-href"),
    ("[data-url]", "data-url"),
    ("[data-src]", "data-src"),
    ("[data-file]", "data-file"),
    ("[data-pdf]", "data-pdf"),
)
_VIEWER_KEYS = frozenset({"file", "pdf", "url", "src", "document", "doc"})
_IN_SCRIPT = re.compile(
    r"""["'](?P<url>[^"'\s<>]{3,600}?\.pdf(?:\?[^"'\s<>]*)?)["']""", re.IGNORECASE
)
_NAMED = re.compile(r'"(?:title|name|label|text|headline)"\s*:\s*"([^"]{3,200})"')
_SILENT = re.compile(
    r"(download|herunterladen|télécharger|descargar|scarica|baixar|pdf|read more|learn more|more|"
    r"view|open|here|english|deutsch|français|en|de|fr|es|the|report|file|\d+([.,]\d+)?\s*(mb|kb)|"
    r"\W|\d)*",
    re.IGNORECASE,
)
_MOST_LINKS = 4000
_TITLE_LENGTH = 240


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its address, the words on it, and the words around it where those say nothing."""

    url: str
    text: str
    around: str = ""

    @property
    def is_pdf(self) -> bool:
        """Whether the address ends like a PDF's."""
        return urlsplit(self.url).path.lower().endswith(".pdf")

    @property
    def title(self) -> str:
        """The words that name what it leads to."""
        return self.around or self.text


def page_title(html: str) -> str:
    """The title of a page."""
    node = LexborHTMLParser(html).css_first("title")
    return _squeezed(node.text()) if node else ""


def page_links(html: str, base: str) -> tuple[Link, ...]:
    """Every link of a page once, in order; addresses absolute, without fragments.

    Links to a viewer (`viewer.html?file=…`) give the file, and addresses of PDFs inside scripts
    count too.
    """
    tree = LexborHTMLParser(html)
    base = _base(tree, base)
    found: dict[str, Link] = {}
    for link in (*_in_elements(tree, base), *_in_scripts(tree, base)):
        known = found.get(link.url)
        if known is None or (not known.title and link.title):
            found[link.url] = link
        if len(found) >= _MOST_LINKS:
            break
    return tuple(found.values())


def _base(tree: LexborHTMLParser, base: str) -> str:
    node = tree.css_first("base[href]")
    href = node.attributes.get("href") if node else None
    return _absolute(href, base) or base if href else base


def _in_elements(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    for selector, attribute in _SOURCES:
        for node in tree.css(f"{selector}[{attribute}]" if selector.isalpha() else selector):
            url = _absolute(node.attributes.get(attribute) or "", base)
            if url:
                yield Link(_viewed(url) or url, _words(node), _around(node))
    for node in tree.css("meta[http-equiv][content]"):
        refresh = re.search(
            r"url\s*=\s*['\"]?([^'\";]+)", node.attributes.get("content") or "", re.I
        )
        if (node.attributes.get("http-equiv") or "").lower() == "refresh" and refresh:
            url = _absolute(refresh[1], base)
            if url:
                yield Link(url, page_title(tree.html or ""))


def _in_scripts(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    for node in tree.css("script"):
        script = (node.text() or "").replace("\\/", "/").replace("\\u002F", "/")
        for match in _IN_SCRIPT.finditer(script):
            url = _absolute(match["url"], base)
            if url:
                yield Link(_viewed(url) or url, _named(script, match.start(), match.end()))


def _named(script: str, start: int, end: int) -> str:
    """The title given in the same object of the script, before the address or behind it."""
    opening, closing = script.rfind("{", 0, start), script.find("}", end)
    inside = script[
        max(opening, start - 400, 0) : closing if 0 < closing < end + 400 else end + 400
    ]
    named = _NAMED.search(inside)
    return _squeezed(named[1]) if named else ""


def _absolute(href: str, base: str) -> str:
    """An absolute http address without its fragment; empty where it is none."""
    try:
        parts = urlsplit(urljoin(base, href.strip()))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return ""
    except ValueError:
        return ""
    return urlunsplit(parts._replace(fragment=""))


def _viewed(url: str) -> str:
    """The PDF a viewer's address names, else nothing."""
    for key, value in parse_qsl(urlsplit(url).query):
        if key.lower() in _VIEWER_KEYS and unquote(value).lower().partition("?")[0].endswith(
            ".pdf"
        ):
            return _absolute(value, url)
    return ""


def _words(node: LexborNode) -> str:
    text = _squeezed(node.text(separator=" "))
    named = (node.attributes.get(name) or "" for name in ("aria-label", "title", "alt", "download"))
    return text if text and not _SILENT.fullmatch(text) else next(filter(None, named), "") or text


def _around(node: LexborNode) -> str:
    """The words of the nearest block that says more than “Download”, for a link that does not."""
    if not _SILENT.fullmatch(_words(node)):
        return ""
    parent = node.parent
    for _ in range(4):
        if parent is None or parent.tag in {"body", "html", "main", "ul", "ol", "table", "tbody"}:
            return ""
        text = _squeezed(parent.text(separator=" "))
        if len(text) > _TITLE_LENGTH:
            return ""
        if not _SILENT.fullmatch(text):
            return text
        parent = parent.parent
    return ""


def _squeezed(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()[:_TITLE_LENGTH]
