"""What a chat message asks for, by plain rules over its words."""

import re

from agent.analyst.protocol import Intent
from agent.analyst.wording import figure_phrases

_HELP = re.compile(
    r"^\W*(?:help|hilfe|\?+|what can you do|how (?:do|does) (?:this|it|i)\b.*(?:work|use|start)"
    r".*|what (?:is|does) this)\W*$",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"^\W*(?:hi|hello|hey|hallo|thanks?(?: you)?|thx|ok(?:ay)?|yes|no|great|cool|good (?:morning|"
    r"day|evening)|test)\W*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,])(20[0-2]\d)(?![\d%]|[.,]\d)")
_LATER = re.compile(
    r"\b(?:by|until|till|before|target|goal|net[- ]?zero|neutral\w*|towards?)\s*$", re.IGNORECASE
)
_CHANGE = re.compile(
    r"^\W*(?:please\s+|now\s+|and\s+|also\s+|can you\s+|could you\s+)*(?:"
    r"(?:add|include|drop|remove|exclude|leave out|take out|replace|swap|skip)\b"
    r"|(?:re-?do|re-?run|repeat|try again|do (?:it|that|this) again|again)\b"
    r"|leave .{1,60}\bout\b|only\b|just\b|without\b|instead\b"
    r"|(?:use|take|change|switch|set)\b.{0,40}\b(?:20\d\d|year|companies|instead)"
    r"|same (?:for|with|but)\b)",
    re.IGNORECASE,
)
_START = re.compile(
    r"\b(?:analy[sz]e|analysis of|analysiere|research|investigate|new analysis|benchmark|"
    r"assess|study|survey|screen)\b",
    re.IGNORECASE,
)
_INDUSTRY_NOUN = (
    r"(?:industry|industries|sector|sectors|branche|companies|firms|makers|manufacturers|"
    r"producers|peers|players)"
)
_PATTERNS = (
    re.compile(
        r"\b(?:analy[sz]e|analysis of|analysiere|research|investigate|benchmark|assess|study|"
        r"survey|screen|compare|report on|look at|tell me about|overview of|what about)\s+"
        r"(?:the\s+|how\s+"
        r"(?:the\s+)?)?(?P<industry>.+?)\s+" + _INDUSTRY_NOUN + r"\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bhow\s+(?:(?:is|are|do|does|did)\s+)?(?:the\s+)?(?P<industry>.+?)\s+(?:"
        + _INDUSTRY_NOUN
        + r"\s+)?(?:doing|performing|compare|comparing|progressing|faring|deal|dealing|report|"
        r"stand|handle|coping)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:in|of|across|within|for)\s+(?:the\s+)?(?P<industry>[\w&/ -]+?)\s+"
        + _INDUSTRY_NOUN
        + r"\b",
        re.IGNORECASE,
    ),
    re.compile(r"^\W*(?:the\s+)?(?P<industry>[\w&/, -]+?)\s+" + _INDUSTRY_NOUN + r"\b", re.I),
    re.compile(
        r"\b(?:analy[sz]e|analysis of|analysiere|research|investigate|benchmark|assess|study|"
        r"survey|screen|new analysis:?)\s+(?:of\s+)?(?:the\s+)?(?P<industry>[\w&/ -]+)",
        re.IGNORECASE,
    ),
)
_EMPTY = re.compile(
    r"\b(?:leading|largest|biggest|top|main|major|listed|all|some|these|those|my|our|other|"
    r"following|companies|company|industry|sector|please|\d{1,2})\b",
    re.IGNORECASE,
)
_NAME = r"(?:[A-Z0-9ÄÖÜ][\w.'’/&+-]*|[a-z]+[A-Z]\w*)"
_NAMES = rf"{_NAME}(?:\s+(?:&\s+)?{_NAME}|\s+(?:of|de|und)\s+{_NAME})*"
_JOIN = r"(?:\s*[,;]\s*(?:and\s+|und\s+)?|\s+(?:and|und|vs\.?|versus|with|against|or)\s+)"
_LIST = re.compile(rf"{_NAMES}(?:{_JOIN}{_NAMES})*")
_NAME_CUE = re.compile(
    r"\b(?:only|just|companies(?: are)?|add|include|exclude|remove|drop|leave out|without|compare|"
    r"for|between|of|analy[sz]e|research|leave|with)\b:?\s*(?:the\s+)?",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"^(?:20\d\d|scope ?\d?.*|CO2.*|GHG.*|ESG.*|SBTi|CSRD|GRI|TCFD|ESRS|EU|I|The|What|How|Which|"
    r"Who|When|Where|Why|European|German|American|Asian|\d+)$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?\s*$|^\W*(?:what|which|who|whose|why|how|when|where|does|do|did|is|are|was|were|has|have|"
    r"can|could|tell|show|list|give|explain|name)\b",
    re.IGNORECASE,
)
_OWN_FILES = re.compile(
    r"\b(?:my|our|these|this|uploaded|attached)\s+(?:own\s+)?(?:pdfs?|files?|reports?|documents?)\b",
    re.IGNORECASE,
)
_MOST_BARE_WORDS = 5


def understand_message(message: str, *, has_analysis: bool) -> Intent:
    """Tell a new analysis, a follow-up, a change, a call for help and the rest apart."""
    text = " ".join(message.split())
    if not text or _SMALL_TALK.match(text):
        return Intent(kind="unclear", question=text)
    if _HELP.match(text):
        return Intent(kind="help", question=text)
    if has_analysis:
        if _CHANGE.match(text):
            return _intent("change", text)
        starts = _START.search(text) and not _is_about_figures(text)
        return _intent("analysis", text) if starts else _intent("follow_up", text)
    found = _intent("analysis", text)
    if found.industry or found.companies:
        return found
    return Intent(kind="unclear", question=text)


def _intent(kind: str, text: str) -> Intent:
    industry = find_industry(text) if kind == "analysis" else ""
    return Intent.model_validate(
        {
            "kind": kind,
            "industry": industry,
            "companies": find_companies(text, industry),
            "year": find_year(text),
            "question": text,
        }
    )


def _is_about_figures(text: str) -> bool:
    return any(
        known.asked and re.search(known.asked, text, re.IGNORECASE)
        for known in figure_phrases().values()
    ) and not re.search(_INDUSTRY_NOUN, text, re.IGNORECASE)


def find_year(text: str) -> int | None:
    """The fiscal year meant; a year that is a target ("by 2030") is not one."""
    for match in _YEAR.finditer(text):
        if not _LATER.search(text[: match.start()]):
            return int(match[1])
    return None


def find_industry(text: str) -> str:
    """The words that name the industry, "" where there are none."""
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match:
            industry = _tidy_industry(match["industry"])
            if industry:
                return industry
    bare = _tidy_industry(re.sub(r"[?!.]+$", "", text))
    is_bare = len(bare.split()) <= _MOST_BARE_WORDS and not _QUESTION.search(text)
    other = _CHANGE.match(text) or _OWN_FILES.search(text) or find_companies(text)
    return bare if is_bare and not other else ""


def _tidy_industry(text: str) -> str:
    text = re.split(r"[,:;]|\b(?:only|with|on|for|in|between|from)\b", text, maxsplit=1)[0]
    text = _YEAR.sub(" ", _EMPTY.sub(" ", text))
    return " ".join(text.split()).strip(" -&/")


def find_companies(text: str, industry: str = "") -> tuple[str, ...]:
    """Names listed after a cue ("only", "add", "compare", "companies:")."""
    found: list[str] = []
    for cue in _NAME_CUE.finditer(text):
        match = _LIST.match(text, cue.end())
        if not match:
            continue
        for name in re.split(_JOIN, match.group()):
            tidy = name.strip(" .,;?!")
            if tidy and not _NOT_A_NAME.match(tidy) and not _in_industry(tidy, industry):
                found.append(tidy)
    return tuple(dict.fromkeys(found))


def _in_industry(name: str, industry: str) -> bool:
    return bool(industry) and name.casefold() in industry.casefold()
