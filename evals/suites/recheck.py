"""Re-checks a published analysis with code of its own: does every quote stand on its page?

    python -m evals.suites.recheck ANALYSIS.json FOLDER_OF_PDFS [more folders …]

reads what `isra research --json` printed, finds each report's PDF by its sha256, and looks for
the quote of every claim, figure, target and silence on the page that is named. It shares no code
with the check that verified them: text comes from pypdfium2 and, where that does not hold the
quote, from pypdf, and is compared letter by letter and number by number. Exit code 1 where a
quote is not found or a verified claim or figure names no place.
"""

import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
from rich.console import Console
from rich.table import Table as TextTable

_DROPPED = re.compile(r"[\s\u00ad\u0002\ufffe\u200b-\u200d\ufeff⁰¹²³⁴-⁹⁽⁾*]+")
_MARKED = re.compile(r"(?<=[\d\w%)])[⁰¹²³⁴-⁹⁽⁾]+")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*)?(?:…|\.{3,})(?:\s*\])?\s*")
_MOST_BETWEEN = 60
"""Most characters that may stand between two neighbouring words of a table line's quote."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something shown, with the place it names."""

    kind: str
    words: str
    report: str
    page: int
    quote: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A place whose quote is not there, and why."""

    place: Place
    why: str


def recheck(analysis: dict[str, Any], folders: Sequence[Path]) -> tuple[int, list[Failure]]:
    """How many places were looked at, and those that failed."""
    files = _files_by_sha(folders)
    failures: list[Failure] = []
    places = list(_places(analysis))
    for place in places:
        if place.page < 1 or not place.quote.strip():
            failures.append(Failure(place, "it names no page or no quote"))
        elif place.report not in files:
            failures.append(Failure(place, "there is no PDF with this sha256"))
        elif not _stands(place, files[place.report]):
            failures.append(Failure(place, "the quote is not on this page"))
    return len(places), failures


def run(shared: Path) -> dict[str, object]:
    """Re-check the analyses (`*.json`) that lie in `build/recheck` against `reports/`."""
    files = sorted(Path("build/recheck").glob("*.json"))
    places, failures = 0, []
    for file in files:
        analysis = json.loads(file.read_text(encoding="utf-8"))
        count, failed = recheck(analysis, [shared / "reports"])
        places += count
        failures += failed
    _print(places, failures)
    return {"analyses": len(files), "places": places, "failed": len(failures)}


def _places(analysis: dict[str, Any]) -> Iterator[Place]:
    """Every claim, figure, target and silence of an analysis with a place."""
    synthesis = analysis.get("synthesis") or {}
    yield from _claims("synthesis", synthesis.get("claims", ()))
    for company in analysis.get("companies", ()):
        name = company.get("name", "")
        summary = company.get("summary") or ()
        claims = summary.get("claims", ()) if isinstance(summary, dict) else summary
        yield from _claims(name, claims)
        sha = (company.get("report") or {}).get("sha256", "")
        for kind in ("kpis", "targets", "silences"):
            for item in company.get(kind, ()):
                yield from _item(f"{name} {kind}", item, sha, kind)


def _claims(where: str, claims: Sequence[dict[str, Any]]) -> Iterator[Place]:
    for claim in claims:
        if claim.get("status") == "rejected":
            continue
        evidence = claim.get("evidence") or ()
        if not evidence:
            yield Place(where, claim.get("text", ""), "", 0, "")
        for place in evidence:
            yield Place(
                where, claim.get("text", ""), place["report"], place["page"], place["quote"]
            )


def _item(where: str, item: dict[str, Any], sha: str, kind: str) -> Iterator[Place]:
    """A figure, target or silence; the place is nested or, in short forms, beside the rest."""
    words = str(item.get("kpi") or item.get("kind") or "")
    place = item.get("evidence")
    if isinstance(place, dict):
        yield Place(where, words, place.get("report") or sha, place["page"], place["quote"])
    elif item.get("page") and item.get("quote"):
        yield Place(where, words, sha, int(item["page"]), item["quote"])
    elif kind != "silences":
        yield Place(where, words, sha, 0, "")


def _files_by_sha(folders: Sequence[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.rglob("*.pdf")):
            found[hashlib.sha256(file.read_bytes()).hexdigest()] = file
    return found


def _stands(place: Place, file: Path) -> bool:
    parts = [part for part in _ELLIPSIS.split(place.quote) if part.strip()]
    for text in _texts(file, place.page):
        plain = _plain(text)
        if all(_has(plain, text, part) for part in parts):
            return True
    return False


def _has(plain: str, text: str, quote: str) -> bool:
    """The quote's letters stand in a row, or its words do on one line of the page."""
    wanted = _plain(quote)
    at = plain.find(wanted)
    while at >= 0:
        before, after = plain[at - 1 : at], plain[at + len(wanted) : at + len(wanted) + 1]
        cut = (wanted[:1].isdigit() and before.isdigit()) or (
            wanted[-1:].isdigit() and after.isdigit() and not _mark_follows(text, quote)
        )
        if wanted and not cut:
            return True
        at = plain.find(wanted, at + 1)
    return _words_in_order(text, quote)


def _mark_follows(text: str, quote: str) -> bool:
    """A footnote digit may hang on the last figure of the quote in one text and not the other."""
    last = re.escape(quote.rsplit(maxsplit=1)[-1])
    return re.search(rf"{last}\s?\d{{1,2}}\)?(?=\s|$)", text) is not None


def _words_in_order(text: str, quote: str) -> bool:
    """A table line may be cut into cells: its words follow each other closely, all of them."""
    words = [re.escape(w) for w in _tokens(quote)]
    if len(words) < 2:
        return False
    pattern = rf".{{0,{_MOST_BETWEEN}}}?".join(rf"(?<!\w){word}" for word in words)
    return re.search(pattern, " ".join(_tokens(text)), re.DOTALL) is not None


def _tokens(text: str) -> list[str]:
    folded = _MARKED.sub("", text)
    return [t for t in (_fold(token) for token in folded.split()) if t]


def _plain(text: str) -> str:
    joined = re.sub(r"(?<=[^\W\d])[-‐‑]\s*(?=[^\W\d])", "", _MARKED.sub("", text))
    return _DROPPED.sub("", _fold(joined))


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = re.sub(r"[‐‑‒–—―−]", "-", folded)
    folded = re.sub(r"[“”„«»‘’‚‹›`´′″\"]", "'", folded)
    return re.sub(r"[•▪■●◦\ue000-\uf8ff]", "", folded)


@lru_cache(maxsize=64)
def _texts(file: Path, page: int) -> tuple[str, ...]:
    """The page's text in reading order, by line, and as pypdf sees it."""
    texts = []
    pdf = pypdfium2.PdfDocument(file)
    try:
        if page > len(pdf):
            return ()
        sheet = pdf[page - 1].get_textpage()
        texts.append(re.sub("[\ufffe\x02]\\s*", "", sheet.get_text_bounded()))
        sheet.close()
    finally:
        pdf.close()
    try:
        reader = pypdf.PdfReader(file)
        texts.append(reader.pages[page - 1].extract_text(extraction_mode="layout"))
        texts.append(reader.pages[page - 1].extract_text())
    except (pypdf.errors.PyPdfError, KeyError, ValueError, IndexError) as error:
        Console(stderr=True).print(f"pypdf could not read page {page} of {file.name}: {error}")
    return tuple(texts)


def _print(places: int, failures: Sequence[Failure]) -> None:
    share = 100.0 if not places else 100.0 * (places - len(failures)) / places
    table = TextTable(title=f"{share:.1f} % of {places} places stand on their page")
    for column in ("where", "page", "why", "quote", "said"):
        table.add_column(column)
    for failure in failures:
        place = failure.place
        table.add_row(place.kind, str(place.page), failure.why, place.quote, place.words)
    Console().print(table)


def main(arguments: Sequence[str]) -> int:
    """Command line: an analysis and the folders of its PDFs."""
    if len(arguments) < 2:
        Console(stderr=True).print(__doc__ or "", markup=False)
        return 1
    analysis = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    places, failures = recheck(analysis, [Path(folder) for folder in arguments[1:]])
    _print(places, failures)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
