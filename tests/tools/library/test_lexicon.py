"""The lexicon is well-formed, general, and wrong entries are told."""

import pytest
from pydantic import ValidationError

from tools.library.lexicon import Concept, Lexicon, load_lexicon
from tools.library.stems import stems

LEXICON = load_lexicon()


def test_the_topics_of_the_field_are_there() -> None:
    ids = {concept.id for concept in LEXICON.concepts}
    assert ids >= {"scope_1", "scope_2", "scope_3", "water", "waste", "energy", "materiality"}
    assert ids >= {"health_and_safety", "diversity", "human_rights", "frameworks", "ethics"}


@pytest.mark.parametrize("concept", LEXICON.concepts, ids=lambda concept: concept.id)
def test_every_phrase_can_be_found_by_the_index(concept: Concept) -> None:
    for phrase in (*concept.asks, *concept.says, *concept.hints):
        assert stems(phrase), phrase
        assert len(stems(phrase)) <= 9, phrase


@pytest.mark.parametrize("concept", LEXICON.concepts, ids=lambda concept: concept.id)
def test_no_concept_is_brought_up_by_an_empty_word(concept: Concept) -> None:
    assert not LEXICON.ignore & set(concept.asks)


def test_no_phrase_brings_up_two_concepts() -> None:
    owners: dict[tuple[str, ...], str] = {}
    for concept in LEXICON.concepts:
        for phrase in concept.asks:
            owner = owners.setdefault(stems(phrase), concept.id)
            assert owner == concept.id, f"{phrase}: {owner} and {concept.id}"


@pytest.mark.parametrize(
    "concept",
    [
        {"id": "Water", "asks": ["water"], "says": ["m3"]},
        {"id": "water", "asks": [], "says": ["m3"]},
        {"id": "water", "asks": ["Water"], "says": ["m3"]},
        {"id": "water", "asks": ["water", "water"], "says": ["m3"]},
        {"id": "water", "asks": ["water"], "says": ["m3"], "synonyms": ["aqua"]},
    ],
)
def test_a_wrong_entry_is_told(concept: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Lexicon.model_validate({"ignore": "a", "figure_words": [], "concepts": [concept]})


def test_two_concepts_of_one_name_are_told() -> None:
    concept = {"id": "water", "asks": ["water"], "says": ["m3"]}
    with pytest.raises(ValidationError, match="twice"):
        Lexicon.model_validate({"ignore": "a", "figure_words": [], "concepts": [concept, concept]})
