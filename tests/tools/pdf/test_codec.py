"""A page record comes out of its packed form as it went in."""

import pytest

from tools.pdf.codec import UNPACK_ERRORS, PackedPage, pack
from tools.pdf.page import PageRecord, Row, Table, TableRow, Word

RECORD = PageRecord(
    number=7,
    width=595.25,
    height=842.0,
    text="Scope 1 111³ — größer",
    rows=(
        Row((Word("Scope", 50, 100, 80, 110, 10), Word("1", 82, 100, 86, 110, 10))),
        Row((Word("111", 300, 100, 320, 110, 10), Word("3", 320, 98, 323, 103, 5, mark=True))),
    ),
    tables=(
        Table(
            columns=("2023", "2022"),
            rows=(
                TableRow("Scope 1", "Emissions", ("111", ""), "kt", 0, ("3",)),
                TableRow("Total", "", ("1", "2"), "t", 1, (), "Fiscal year", "305-1", (0, 1)),
            ),
            caption="Emissions",
            x0=50,
            x1=323,
            top=98,
            bottom=110,
        ),
    ),
    label="5",
    hidden=("white words",),
    image_share=0.25,
    unreadable=True,
    warnings=("cut",),
)


def test_a_full_record_survives() -> None:
    assert pack(RECORD).record() == RECORD


def test_an_empty_record_survives() -> None:
    record = PageRecord(1, 0.0, 0.0, "", lost="gone", reader="pypdf")
    assert pack(record).record() == record


@pytest.mark.parametrize("body", [b"no zlib", pack(RECORD).body[:-30]])
def test_a_damaged_body_is_told(body: bytes) -> None:
    with pytest.raises(UNPACK_ERRORS):
        PackedPage(pack(RECORD).head, body).record()
