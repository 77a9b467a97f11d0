import asyncio
from pathlib import Path

import pytest

from agent.analyst.topics import TOPICS
from tests.tools.evidence.prose_pages import Sheet
from tools.evidence.lexis import function_words, question_fillers, synonyms
from tools.evidence.passages import question_passages, topic_passages
from tools.evidence.topics import topic_lexicon
from tools.pdf.page import PageRecord
from tools.pdf.reader import read_pdf

TELLING = {
    "Climate targets": "We aim to cut our Scope 1 and 2 emissions by 42% by 2030 from 2020.",
    "Emissions": "Our Scope 1 emissions fell by 8% to 41,300 t CO2e in 2023 due to new kilns.",
    "Energy": "In 2023 we installed photovoltaic systems that generate 3.4 GWh a year.",
    "Water and waste": "The volume of hazardous waste decreased from 910 t to 744 t in the year.",
    "People": "The share of women in management increased to 24.1% in 2023 (2022: 22.8%).",
    "Governance": "The pay of the Management Board is linked to our sustainability targets.",
    "Risks": "The scenario analysis showed that floods are the largest climate risk.",
}
DULL = [
    "Climate protection is of particular importance and an integral part of our approach.",
    "Further information on energy can be found in the table on page 34 of the report.",
    "Greenhouse gas emissions are calculated in accordance with the GHG Protocol.",
    "The dividend was EUR 1.20 and the fair value of financial instruments fell by 3%.",
    "The disclosures on water pursuant to Section 289c of the Commercial Code are made.",
    "Global emissions of all countries rose by 2% in the year to a new record.",
]
NAMES = ["Example Steel"]


def pages(*texts: str) -> list[PageRecord]:
    """One sentence a line, a page for each text."""
    return [PageRecord(n, 595, 842, text) for n, text in enumerate(texts, 1)]


def test_each_topic_gets_its_telling_sentence_and_no_boilerplate() -> None:
    found = topic_passages(pages("\n".join([*TELLING.values(), *DULL])), report="r", names=NAMES)
    assert {p.topic: p.text for p in found} == TELLING


def test_a_report_without_a_topic_gives_no_passage_of_it() -> None:
    found = topic_passages(pages("\n".join(DULL)), report="r", names=NAMES)
    assert found == ()


def test_topics_come_in_reading_order_and_are_the_analysts_topics() -> None:
    reverse = "\n".join(reversed(list(TELLING.values())))
    assert [p.topic for p in topic_passages(pages(reverse), report="r")] == list(TOPICS)
    assert tuple(topic.name for topic in topic_lexicon().topics) == TOPICS


def test_the_quote_stands_at_its_offsets_on_its_page(tmp_path: Path) -> None:
    sheet = Sheet().page().column(50, 80, 200, " ".join(TELLING.values()))
    read = sheet.read(tmp_path)
    found = topic_passages(read, report="r")
    assert len(found) >= 5
    for passage in found:
        place = passage.evidence
        assert place.start is not None and place.end is not None
        verbatim = read[place.page - 1].text[place.start : place.end]
        assert " ".join(verbatim.split()) == place.quote == passage.text


def test_sentences_that_tell_the_same_are_given_once() -> None:
    again = "In 2023 our Scope 1 emissions fell by 8% to 41,300 t CO2e because of the new kilns."
    found = topic_passages(pages(TELLING["Emissions"], again), report="r")
    assert len([p for p in found if p.topic == "Emissions"]) == 1


def test_a_sentence_that_leans_on_the_one_before_takes_it_along() -> None:
    text = (
        "The plant in Linz was switched to green electricity in the summer of the year. "
        "This reduced the Scope 2 emissions of the site by 1,200 t CO2e or 30% in 2023."
    )
    (passage,) = [p for p in topic_passages(pages(text), report="r") if p.topic == "Emissions"]
    assert passage.text == text


def test_ids_depend_on_the_place_alone() -> None:
    first = topic_passages(pages(*TELLING.values()), report="r")
    second = topic_passages(pages(*TELLING.values()), report="r")
    other = topic_passages(pages(*TELLING.values()), report="other")
    assert [p.id for p in first] == [p.id for p in second]
    assert not {p.id for p in first} & {p.id for p in other}


def test_a_question_finds_its_sentence_by_other_words_for_the_same_thing() -> None:
    question = "Is the remuneration of the board tied to sustainability goals?"
    text = "\n".join(TELLING.values())
    found = question_passages(pages(text), question, report="r", company="Example Steel")
    assert found[0].text == TELLING["Governance"]


@pytest.mark.parametrize(
    "question",
    ["How many spaceships does Example Steel own?", "What is the CEO's favourite opera?", "?"],
)
def test_a_question_the_pages_do_not_answer_finds_nothing(question: str) -> None:
    text = "\n".join([*TELLING.values(), *DULL])
    assert question_passages(pages(text), question, report="r", company="Example Steel") == ()


def test_a_question_for_a_reason_prefers_the_sentence_that_gives_it() -> None:
    text = (
        "Our total waste was 744 t in the year and was thus lower than the waste in 2022.\n"
        "Our total waste fell mainly because the foundry sold its sand for use in roads."
    )
    found = question_passages(pages(text), "Why did the total waste fall?", report="r")
    assert "because the foundry" in found[0].text


def test_the_word_lists_are_told_apart_and_hold_words() -> None:
    assert {"the", "und"} <= function_words()
    assert "what" in question_fillers()
    assert all(len(group) > 1 for group in synonyms())
    words = [word for group in synonyms() for word in group]
    assert len(words) == len(set(words)), "a word stands in one group of synonyms only"


def test_every_pattern_of_the_topics_file_matches_something_longer_than_nothing() -> None:
    for topic in topic_lexicon().topics:
        patterns = [topic.core, *topic.terms]
        assert not [p.pattern for p in patterns if p.search("")]


@pytest.mark.realdata
def test_a_real_report_gives_passages_with_verbatim_quotes(shared_data: Path) -> None:
    path = shared_data / "reports" / "other" / "ct-reit-2022.pdf"
    records: list[PageRecord] = []
    asyncio.run(read_pdf(path, on_page=records.append))
    found = topic_passages(records, report="r")
    assert found
    for passage in found:
        place = passage.evidence
        text = records[place.page - 1].text[place.start : place.end]
        assert " ".join(text.split()) == place.quote
