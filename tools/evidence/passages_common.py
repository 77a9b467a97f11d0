"""What passages by topic and passages for a question share: salience cues and places."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from agent.domain import Evidence, Passage
from tools.evidence.sentences import Sentence
from tools.evidence.topics import topic_lexicon
from tools.pdf.page import PageRecord

_LONG = 260
"""Characters from which a sentence costs a reader patience."""
_DANGLING = re.compile(
    r"^(?:This|These|Those|It|They|Its|Their|Such|However|In addition|Furthermore|Moreover|Also|"
    r"Additionally|As a result|For this|Here|There|Therefore|Thus|In this|At the same time|But|"
    r"The latter|Both|He|She|That|And|Other|Another|In doing so|To this end|As such|Of this|"
    r"Of these|Further|Accordingly|Consequently|For example|Specifically|Simultaneously|"
    r"What is more|In parallel|Likewise|Similarly|In particular|"
    r"The (?:figures?|values?|decrease|increase|reduction|remaining)|Finally|On this|By doing)\b"
)


def telling(text: str, names: re.Pattern[str] | None = None) -> float:
    """What cues and penalties add up to; the length of a sentence costs a little."""
    lexicon = topic_lexicon()
    small = text.lower()
    value = sum(weight for cue, weight in lexicon.cues.items() if cue.search(small))
    value -= sum(weight for sign, weight in lexicon.penalties.items() if sign.search(small))
    if names and names.search(text):
        value += 0.1
    if _DANGLING.match(text):
        value -= 0.2
    if len(text) > _LONG:
        value -= 0.15 * (len(text) - _LONG) / 100
    return value


def predecessors(sentences: Sequence[Sentence]) -> Mapping[Sentence, Sentence]:
    """The sentence right before, where both stand in one paragraph."""
    return {
        after: before
        for before, after in pairwise(sentences)
        if before.page == after.page and 0 <= after.start - before.end <= 4
    }


def joined_with_lead(sentence: Sentence, before: Sentence | None) -> tuple[str, int]:
    """Text and start of the sentence, with the one before it where it leans on that one."""
    leans = _DANGLING.match(sentence.text)
    if before and leans and len(before.text) + len(sentence.text) < 2 * _LONG:
        return f"{before.text} {sentence.text}", before.start
    return sentence.text, sentence.start


def passage_at(
    page: PageRecord, start: int, end: int, *, text: str, topic: str, report: str, score: float
) -> Passage:
    """A passage over `page.text[start:end]`; its id depends on the place alone."""
    key = f"{report}:{page.number}:{start}:{end}"
    return Passage(
        id="p-" + hashlib.sha256(key.encode()).hexdigest()[:12],
        topic=topic,
        text=text,
        evidence=Evidence(
            report=report,
            page=page.number,
            quote=" ".join(page.text[start:end].split()),
            start=start,
            end=end,
            label=page.label or None,
        ),
        score=round(score, 3),
    )
