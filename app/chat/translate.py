"""A translation under a checked text, labelled as what it is."""

from agent.analyst.markdown import escape
from agent.domain import Analysis, Claim
from agent.errors import IsraError
from app.chat.present import cited
from app.chat.runtime import get_research
from app.chat.sources import Sources
from app.chat.text import plain

_LABEL = (
    "*{language}: translated by the language model. The English text above is the checked one.*"
)
_NO_MODEL = "*Your language is {language}, but no language model is set: this stays in English.*"
_NOT_NOW = "*The translation into {language} cannot be had now. The English text is complete.*"


async def translation(
    analysis_id: str, claims: tuple[Claim, ...], analysis: Analysis, language: str
) -> str:
    """The sentences in the reader's language with their citation marks, or why not.

    A sentence the model did not give with the same figures stays as it was checked.
    """
    name = plain(language)
    try:
        found = await get_research().translate(
            analysis_id, [claim.text for claim in claims], language
        )
    except IsraError:
        return _NOT_NOW.format(language=name)
    if found is None:
        return _NO_MODEL.format(language=name)
    if not any(found):
        return _NOT_NOW.format(language=name)
    lines = [
        f"- {escape(text or claim.text)} [{number}]"
        for number, (text, claim) in enumerate(zip(found, claims, strict=True), 1)
    ]
    body = cited("\n".join(lines), claims, Sources.of(analysis))
    return f"{_LABEL.format(language=name)}\n\n{body}"
