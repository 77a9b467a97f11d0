"""Every form in which a person or a program gets to see an analysis and its answers."""

import json

from agent.domain import Analysis, Answer
from app.chat.present import answer_markdown, answer_view, headline, result_markdown, result_view
from app.cli.shapes import analysis_shape, claim_shape
from app.exports.bundle import to_bundle
from app.exports.docx import to_docx
from app.exports.markdown import to_markdown
from app.exports.pdf import to_pdf
from app.exports.xlsx import to_xlsx


def rendered(analysis: Analysis, answers: tuple[Answer, ...]) -> dict[str, bytes]:
    """The forms by name; `.md` ends the names of those that are rendered as Markdown."""
    forms = {
        "export.md": to_markdown(analysis).encode(),
        "export.xlsx": to_xlsx(analysis),
        "export.docx": to_docx(analysis),
        "export.pdf": to_pdf(analysis),
        "bundle.json": to_bundle(analysis).encode(),
        "command.json": _json(analysis_shape(analysis)),
        "chat.md": f"{headline(analysis)}\n\n{result_markdown(analysis)}".encode(),
        "chat.json": _json(result_view(analysis)),
    }
    for number, answer in enumerate(answers):
        shape = [claim_shape(claim) for claim in answer.claims]
        forms |= {
            f"answer {number}.md": answer_markdown(answer, analysis).encode(),
            f"answer {number}.json": _json([answer_view(answer, analysis), shape]),
        }
    return forms


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
