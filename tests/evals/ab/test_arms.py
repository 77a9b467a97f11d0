"""Two arms of a prompt: a difference is found, chance is not, and peeking does no harm."""

import numpy as np
import pytest

from agent.errors import ConflictError, InputError
from evals.ab.online import ArmThumbs, count, sequence, standing, told_online
from evals.ab.paired import Trial, judge_arms, sign_flip, told_arms
from evals.ab.tasks import require_thumbs

CASES = [f"r{n}.pdf" for n in range(8)]


def trials(arm: str, qualities: list[float], usd: float | None = 0.01) -> list[Trial]:
    return [Trial(case, arm, q, usd, 1.0, 100) for case, q in zip(CASES, qualities, strict=True)]


def test_an_arm_better_in_every_case_is_kept() -> None:
    both = [*trials("a", [0.5] * 8), *trials("b", [0.6, 0.7, 0.6, 0.9, 0.6, 0.7, 0.6, 0.8])]
    verdict = judge_arms(both, "a", "b", CASES)
    assert (verdict.keep, verdict.p) == ("b", 2 / 2**8)
    assert verdict.low > 0
    assert judge_arms(both, "b", "a", CASES).keep == "b"
    assert "Keep b" in verdict.why
    assert "a: quality 0.500, 800 tokens, $0.0800" in told_arms(verdict)


def test_cases_that_go_either_way_do_not_tell() -> None:
    both = [*trials("a", [0.5] * 8, None), *trials("b", [0.6, 0.4] * 4)]
    verdict = judge_arms(both, "a", "b", CASES)
    assert verdict.keep is None
    assert verdict.usd == (None, pytest.approx(0.08))
    assert "do not tell" in verdict.why
    assert "price unknown" in told_arms(verdict)


def test_few_cases_never_tell() -> None:
    both = [*trials("a", [0.0] * 8), *trials("b", [1.0] * 8)]
    verdict = judge_arms(both, "a", "b", CASES[:5])
    assert verdict.keep is None
    assert "6 are the least" in verdict.why


def test_no_verdict_before_every_case_has_both_arms() -> None:
    both = [*trials("a", [0.5] * 8), *trials("b", [0.9] * 8)[:7]]
    with pytest.raises(ConflictError, match="1 of 8 cases lack an arm"):
        judge_arms(both, "a", "b", CASES)


def test_the_drawn_test_agrees_with_the_exact_one() -> None:
    gaps = np.array([0.3, -0.1, 0.2, 0.4, -0.2, 0.1, 0.3, 0.2, -0.1, 0.2, 0.1, 0.3, 0.1, -0.2])
    exact = sign_flip(gaps)
    drawn = sign_flip(np.concatenate([gaps, [0.0, 0.0]]))
    assert drawn == pytest.approx(exact, abs=0.01)


def test_a_clear_difference_in_thumbs_is_found_and_a_small_one_is_not() -> None:
    clear = standing(ArmThumbs("a", 90, 10), ArmThumbs("b", 40, 60))
    assert clear.keep == "a"
    assert standing(ArmThumbs("b", 40, 60), ArmThumbs("a", 90, 10)).keep == "a"
    small = standing(ArmThumbs("a", 9, 1), ArmThumbs("b", 6, 4))
    assert small.keep is None
    assert "do not tell" in told_online(small)
    assert standing(ArmThumbs("a"), ArmThumbs("b")).keep is None


@pytest.mark.parametrize(("up", "down"), [(0, 5), (5, 0), (7, 3), (700, 300)])
def test_the_interval_holds_the_observed_share_and_narrows(up: int, down: int) -> None:
    low, high = sequence(up, down)
    assert low <= up / (up + down) <= high
    assert 0 <= low < high <= 1
    more = sequence(10 * up, 10 * down)
    assert more[1] - more[0] < high - low


def test_looking_after_every_thumb_rarely_finds_a_difference_that_is_not_there() -> None:
    draws = np.random.default_rng(7).random((60, 2, 150)) < 0.7
    ups = draws.cumsum(axis=2)
    found = 0
    for first, second in ups:
        found += any(
            standing(
                ArmThumbs("a", int(first[n]), n + 1 - int(first[n])),
                ArmThumbs("b", int(second[n]), n + 1 - int(second[n])),
            ).keep
            is not None
            for n in range(0, 150, 3)
        )
    assert found <= 3


def thumb(thread: str, value: int, by: str) -> dict[str, object]:
    return {"thread_id": thread, "value": value, "generated_by": by}


def test_a_conversation_counts_once_by_its_newest_thumb_for_the_arm_it_got() -> None:
    counted = count(
        [
            thumb("t1", 1, "m summarize/a@0123456789ab"),
            thumb("t1", 0, "m synthesize/a@0; m summarize/a@0123456789ab"),
            thumb("t2", 1, "m summarize/b@0123456789ab"),
            thumb("t3", 1, "m synthesize/b@0123456789ab"),
            thumb("t4", 1, "m summarize/a@0; m summarize/b@0"),
            thumb("t5", 1, "extractive"),
        ],
        "summarize",
        ["a", "b"],
    )
    assert counted == {"a": ArmThumbs("a", 0, 1), "b": ArmThumbs("b", 1, 0)}


def test_prompts_whose_arm_no_thumb_carries_are_not_compared_by_thumbs() -> None:
    require_thumbs("answer")
    with pytest.raises(InputError, match="results carry those of summarize, synthesize, answer"):
        require_thumbs("understand")
    with pytest.raises(InputError, match="repair cannot be compared"):
        require_thumbs("repair")
