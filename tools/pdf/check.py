"""Looks at a file before any parser does: size, signature, and whether its end is there."""

from pathlib import Path

from agent.errors import DocumentError, InputError

_HEAD = 1024
_TAIL = 2048
_WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<?xml")


def check_file(path: Path, max_mb: int) -> None:
    """Refuse what cannot be a PDF or is too large.

    Raises DocumentError (empty, too_large, web_page, not_pdf), InputError (no such file).
    """
    if not path.is_file():
        raise InputError(f"There is no file {path.name}.", "Check the name.")
    size = path.stat().st_size
    if size == 0:
        raise DocumentError(f"{path.name} is empty (0 bytes).", "Download it again.", code="empty")
    if size > max_mb * 1_000_000:
        raise DocumentError(
            f"{path.name} has {size / 1e6:.0f} MB, more than the limit of {max_mb} MB.",
            "Raise ISRA_MAX_PDF_MB to read it.",
            code="too_large",
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.lstrip().lower().startswith(_WEB_PAGE):
        raise DocumentError(
            f"{path.name} is not a PDF, it is a web page.",
            "Open the address in a browser and save the PDF itself.",
            code="web_page",
        )
    if b"%PDF-" not in head:
        raise DocumentError(
            f"{path.name} is not a PDF: it does not start with %PDF.",
            "Give a PDF file.",
            code="not_pdf",
        )


def end_is_missing(path: Path) -> bool:
    """True where the end-of-file mark every PDF closes with is absent: a cut-off download."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return b"%%EOF" not in file.read()
