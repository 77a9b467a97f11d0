from agent.domain import Claim, IndustrySynthesis
from graph.verified import keep_verified

TEXT = "# Head\n\n- One. [1]\n- Two. [2]\n- Three. [3]\n"


def claims(*statuses: str) -> tuple[Claim, ...]:
    return tuple(
        Claim.model_validate({"id": str(n), "text": f"Claim {n}", "status": status})
        for n, status in enumerate(statuses, 1)
    )


def test_verified_text_stays_as_it_is() -> None:
    kept = keep_verified(
        IndustrySynthesis(markdown=TEXT), claims("verified", "verified", "verified")
    )
    assert kept.markdown == TEXT
    assert [claim.status for claim in kept.claims] == ["verified"] * 3


def test_a_line_whose_claim_fails_goes_and_the_marks_are_numbered_anew() -> None:
    kept = keep_verified(
        IndustrySynthesis(markdown=TEXT), claims("verified", "rejected", "verified")
    )
    assert "Two" not in kept.markdown
    assert "One. [1]" in kept.markdown
    assert "Three. [2]" in kept.markdown
    assert [claim.id for claim in kept.claims] == ["1", "3"]


def test_an_unverified_claim_is_no_fact() -> None:
    kept = keep_verified(
        IndustrySynthesis(markdown=TEXT), claims("unverified", "unverified", "unverified")
    )
    assert kept.claims == ()
    assert "[" not in kept.markdown


def test_a_heading_that_lost_everything_under_it_goes_too() -> None:
    text = (
        "# Title\n\n## Left\n\n- One. [1]\n\n## Emptied\n\n- Two. [2]\n\n## Last\n\n- Three. [3]\n"
    )
    kept = keep_verified(
        IndustrySynthesis(markdown=text), claims("verified", "rejected", "rejected")
    )
    assert "# Title" in kept.markdown
    assert "## Left" in kept.markdown
    assert "## Emptied" not in kept.markdown
    assert "## Last" not in kept.markdown
