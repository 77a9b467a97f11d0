"""What leaves this machine in traces: no key, no address of a person, no text of a page.

Text of reports is replaced by a reference: how long it is, its sha256 and, where known, its page.
"""

import hashlib
import re
from typing import Any

_SECRETS = re.compile(
    r"AIza[\w-]{20,}"  # Google
    r"|(?:AKIA|ASIA)[A-Z0-9]{12,}"  # AWS
    r"|\b(?:sk|pk|rk)-[\w-]{12,}"  # OpenAI and others
    r"|\blsv2_\w{8,}"  # LangSmith
    r"|\b(?:gh[opsu]|github_pat)_\w{16,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+"  # JSON web tokens
    r"|(?<=[Bb]earer )[\w.~+/-]{8,}=*"
    r"|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"  # user and password in an address
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_FENCED = re.compile(r"^(=====EVIDENCE-\w+=====)\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)
_ITEM = re.compile(r"^[A-Z]\d+ \| ", re.MULTILINE)
_PAGE_TEXT = {"quote", "page_text", "printed_text"}
_LONGEST = 2_000
_MOST_ITEMS = 60
_DEEPEST = 12


def redact(value: Any) -> Any:
    """JSON with every text made safe to send and every list and text bounded."""
    return _redact(value, "", 0)


def reference(text: str, where: str = "") -> str:
    """What stands for a text of a report."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"<{len(text)} characters{where}, sha256 {digest}>"


def safe_text(text: str) -> str:
    """A text without keys, addresses of people and fenced evidence, cut to what a trace needs."""
    text = _FENCED.sub(_evidence, text)
    text = _EMAIL.sub("<e-mail>", _SECRETS.sub("<key>", text))
    left = len(text) - _LONGEST
    return text if left <= 0 else f"{text[:_LONGEST]} … (+{left} characters)"


def _redact(value: Any, key: str, depth: int) -> Any:
    if isinstance(value, str):
        if key == "error":
            # A library's message may repeat what it was sent; its name tells enough.
            return re.split(r"[(:\n]", value, maxsplit=1)[0][:120]
        return reference(value) if key in _PAGE_TEXT and value else safe_text(value)
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, list):
        more = [f"… (+{len(value) - _MOST_ITEMS})"] if len(value) > _MOST_ITEMS else []
        return [*(_redact(item, key, depth + 1) for item in value[:_MOST_ITEMS]), *more]
    if isinstance(value, dict):
        passage = {"text", "evidence", "score"} <= value.keys()
        return {
            name: reference(item)
            if passage and name == "text"
            else _redact(item, str(name), depth + 1)
            for name, item in value.items()
        }
    return value


def _evidence(match: re.Match[str]) -> str:
    items = len(_ITEM.findall(match[2]))
    return reference(match[2], f", {items} items of evidence")
