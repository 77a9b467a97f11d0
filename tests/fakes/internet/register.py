"""The register of the Science Based Targets initiative as a spreadsheet."""

import io

import openpyxl

from tests.fakes.internet.site import Reply

HEADS = (
    "sbti_id",
    "company_name",
    "isin",
    "lei",
    "near_term_status",
    "near_term_target_classification",
    "near_term_target_year",
    "net_zero_status",
    "net_zero_year",
)


def register_file(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS) -> Reply:
    """A register with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (heads, *rows):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return Reply(content.getvalue())
