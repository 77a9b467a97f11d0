"""Reads everything that was shown or stored: its words, and what of it is live."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from markdown_it import MarkdownIt
from pypdf import PdfReader

_AUTOLINK = re.compile(r"(?:https?://|www\.)[^\s<>`]+|[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE)
_CODE = re.compile(r"`[^`]*`")
_TARGET = re.compile(r"Target=\"([^\"]*)\"")
_MARKDOWN = MarkdownIt("commonmark", {"html": True})


@dataclass(frozen=True)
class Shown:
    """One form of the output: its words, and every address it would load or open."""

    name: str
    words: str
    addresses: tuple[str, ...] = ()


def read_output(name: str, body: bytes) -> Shown:
    """The output by its kind: an office file, a PDF, Markdown or plain text."""
    if body.startswith(b"PK"):
        return _office(name, body)
    if body.startswith(b"%PDF"):
        return _pdf(name, body)
    words = body.decode("utf-8", "replace")
    return Shown(name, words, tuple(_live(words)) if name.endswith(".md") else ())


def _office(name: str, body: bytes) -> Shown:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        parts = {
            entry: archive.read(entry).decode("utf-8", "replace") for entry in archive.namelist()
        }
    targets = [t for part, text in parts.items() if part.endswith(".rels")
               for t in _TARGET.findall(text)]  # fmt: skip
    return Shown(name, "\n".join(parts.values()), tuple(targets))


def _pdf(name: str, body: bytes) -> Shown:
    reader = PdfReader(BytesIO(body))
    addresses = []
    for page in reader.pages:
        for annotation in page.annotations or ():
            action = annotation.get_object().get("/A")
            if action is not None:
                addresses.append(str(action.get_object().get("/URI", "")))
    return Shown(name, "\n".join(page.extract_text() for page in reader.pages), tuple(addresses))


def _live(markdown: str) -> Iterator[str]:
    """Addresses that a renderer of Markdown, HTML allowed, would make a link or picture of."""
    for token in _MARKDOWN.parse(markdown):
        for part in [token, *(token.children or ())]:
            if part.type in {"html_block", "html_inline"}:
                yield part.content
            yield from (str(part.attrs[key]) for key in ("href", "src") if key in part.attrs)
            if part.type == "text":
                yield from _AUTOLINK.findall(_CODE.sub("", part.content))
