"""Pages for tests, made from lines of text."""

from tools.pdf.page import PageRecord, Row, Word


def page(number: int, *lines: str) -> PageRecord:
    """A page whose text and visual rows are the same lines."""
    rows = tuple(
        Row(
            tuple(
                Word(word, 60.0 * i, 14.0 * n, 60.0 * i + 50, 14.0 * n + 10, 10)
                for i, word in enumerate(line.split())
            )
        )
        for n, line in enumerate(lines)
        if line.split()
    )
    return PageRecord(number, 595, 842, "\r\n".join(lines), rows)


def document(*pages: list[str]) -> list[PageRecord]:
    """Pages numbered from 1."""
    return [page(number, *lines) for number, lines in enumerate(pages, start=1)]
