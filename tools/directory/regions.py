"""Regions and countries that a text names."""

from dataclasses import dataclass

from tools.directory.files import Regions
from tools.directory.words import singular, split


@dataclass(frozen=True, slots=True)
class Place:
    """A region or country named in a text; `countries` are ISO 3166 alpha-2."""

    name: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Words of which the capitals count (`exact`) or not, the last perhaps only a beginning."""

    words: tuple[str, ...]
    place: Place
    exact: bool
    beginning: bool

    def matches(self, words: list[str]) -> bool:
        if len(words) != len(self.words):
            return False
        if self.exact:
            return tuple(words) == self.words
        small = tuple(singular(word) for word in words)
        if self.beginning:
            return small[:-1] == self.words[:-1] and small[-1].startswith(self.words[-1])
        return small == self.words


class Gazetteer:
    """Finds the places a text names."""

    def __init__(self, regions: Regions) -> None:
        patterns: list[_Pattern] = []
        for name, region in regions.regions.items():
            place = Place(name, tuple(region.countries))
            patterns += [_pattern(word, place) for word in (name, *region.words)]
        for code, country in regions.countries.items():
            place = Place(country.name, (code,))
            patterns += [_pattern(word, place) for word in (country.name, *country.words)]
        self._patterns = sorted(patterns, key=lambda pattern: -len(pattern.words))
        self._longest = max(len(pattern.words) for pattern in patterns)

    def find(self, words: list[str]) -> tuple[tuple[Place, ...], set[int]]:
        """The places in their order, and the positions of the words that name them."""
        places: list[Place] = []
        taken: set[int] = set()
        start = 0
        while start < len(words):
            length, place = self._at(words, start)
            if place is None:
                start += 1
                continue
            if place not in places:
                places.append(place)
            taken.update(range(start, start + length))
            start += length
        return tuple(places), taken

    def _at(self, words: list[str], start: int) -> tuple[int, Place | None]:
        for length in range(min(self._longest, len(words) - start), 0, -1):
            span = words[start : start + length]
            for pattern in self._patterns:
                if pattern.matches(span):
                    return length, pattern.place
        return 0, None


def _pattern(text: str, place: Place) -> _Pattern:
    words = tuple(split(text))
    exact = all(word.isupper() for word in words)
    beginning = text.endswith("*")
    if not exact:
        words = tuple(singular(word) for word in words)
    return _Pattern(words, place, exact, beginning)
