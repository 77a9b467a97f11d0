"""Writes an analysis in every form it can be exported in."""

from pathlib import Path

from agent.domain import Analysis
from agent.errors import InputError
from app.exports.bundle import to_bundle
from app.exports.docx import to_docx
from app.exports.markdown import to_markdown
from app.exports.pdf import to_pdf
from app.exports.xlsx import to_xlsx


def write_exports(analysis: Analysis, folder: Path) -> list[Path]:
    """Write Markdown, Excel, Word, PDF and the JSON bundle; gives the files.

    Raises:
        InputError: the folder cannot be written.
    """
    stem = f"{analysis.industry.id}-{analysis.analysis_id[:8]}"
    contents = {
        "md": to_markdown(analysis).encode(),
        "xlsx": to_xlsx(analysis),
        "docx": to_docx(analysis),
        "pdf": to_pdf(analysis),
        "json": to_bundle(analysis).encode(),
    }
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, body in contents.items():
            path = folder / f"{stem}.{suffix}"
            path.write_bytes(body)
            written.append(path)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written: {error.strerror}.", "Name another folder."
        ) from error
    return written
