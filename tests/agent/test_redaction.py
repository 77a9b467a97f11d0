"""What traces may hold: neither keys nor people's addresses nor text of a page."""

from agent.redaction import redact, reference, safe_text

QUOTE = "Scope 1 emissions fell to 4,120,300 t CO2e in 2023."


def test_keys_and_addresses_of_people_are_taken_out() -> None:
    keys = (
        "AIzaSyA1234567890abcdefghijklmnop",
        "sk-proj-abcdefghijklmnop",
        "AKIAABCDEFGHIJKLMNOP",
        "lsv2_pt_0123456789abcdef",
        "Bearer abc.def-ghi_jkl",
        "jane.doe@mail.example.org",
    )
    for key in keys:
        safe = safe_text(f"before {key} after")
        assert key.removeprefix("Bearer ") not in safe
        assert safe.startswith("before ") and safe.endswith(" after")


def test_fenced_evidence_becomes_a_reference() -> None:
    fence = "=====EVIDENCE-0123456789abcdef====="
    prompt = f"Company: A\n{fence}\nK1 | {QUOTE}\nP1 | Energy | More.\n{fence}\n\nWrite."
    safe = safe_text(prompt)
    assert QUOTE not in safe
    assert "2 items of evidence" in safe
    assert safe.startswith("Company: A") and safe.endswith("Write.")


def test_quotes_and_passages_become_references_and_numbers_stay() -> None:
    passage = {"id": "p1", "text": QUOTE, "score": 0.5, "evidence": {"page": 7, "quote": QUOTE}}
    safe = redact({"passages": [passage], "claim": {"text": "A fell.", "status": "verified"}})
    assert QUOTE not in str(safe)
    assert safe["passages"][0]["text"] == reference(QUOTE)
    assert safe["passages"][0]["evidence"]["page"] == 7
    assert safe["claim"] == {"text": "A fell.", "status": "verified"}


def test_long_texts_and_lists_are_cut() -> None:
    safe = redact({"text": "a" * 9000, "rows": list(range(500))})
    assert len(safe["text"]) < 2100
    assert len(safe["rows"]) < 70


def test_of_an_error_only_its_name_is_told() -> None:
    assert redact({"error": f"BadRequestError('{QUOTE}')\nTraceback …"}) == {
        "error": "BadRequestError"
    }
