"""Two arms of a prompt: a difference is found, chance is not, and peeking does no harm."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from agent.errors import ConfigurationError, ConflictError, NotFoundError
from agent.models.settings import ModelSettings
from agent.prompts.registry import FOLDER, PromptRegistry
from evals.ab.online import ArmThumbs, count, sequence, standing, told_online
from evals.ab.paired import Trial, judge_arms, sign_flip, told_offline
from evals.ab.summaries import run_summaries
from tests.fakes.llm.analyst import document
from tests.fakes.llm.providers import OPENAI, settings_for
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply
from tools.library.samples import sample_files

CASES = [f"r{n}.pdf" for n in range(8)]


def trials(arm: str, qualities: list[float], usd: float | None = 0.01) -> list[Trial]:
    return [Trial(case, arm, q, usd, 1.0, 100) for case, q in zip(CASES, qualities, strict=True)]


def test_an_arm_better_in_every_case_is_kept() -> None:
    both = [*trials("a", [0.5] * 8), *trials("b", [0.6, 0.7, 0.6, 0.9, 0.6, 0.7, 0.6, 0.8])]
    verdict = judge_arms(both, "a", "b", CASES)
    assert (verdict.keep, verdict.p) == ("b", 2 / 2**8)
    assert verdict.low > 0
    assert judge_arms(both, "b", "a", CASES).keep == "b"
    assert "Keep b" in told_offline(verdict)


def test_cases_that_go_either_way_do_not_tell() -> None:
    both = [*trials("a", [0.5] * 8, None), *trials("b", [0.6, 0.4] * 4)]
    verdict = judge_arms(both, "a", "b", CASES)
    assert verdict.keep is None
    assert verdict.usd == (None, pytest.approx(0.08))
    assert "do not tell" in told_offline(verdict)
    assert "price unknown" in told_offline(verdict)


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


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A set of one report."""
    sample = sample_files()[0]
    (tmp_path / "gold").mkdir()
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / sample.name).symlink_to(sample)
    line = {"file": sample.name, "company": "Casa Verane Bebidas"}
    (tmp_path / "gold" / "reports.jsonl").write_text(json.dumps(line))
    return tmp_path


@pytest.fixture
def prompts(tmp_path: Path) -> PromptRegistry:
    """The delivered prompts, and an arm that tells the model to be brief."""
    for source in FOLDER.glob("*/*.md"):
        copy = tmp_path / "prompts" / source.parent.name / source.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.read_text("utf-8"), "utf-8")
    arm = tmp_path / "prompts" / "summarize" / "b.md"
    text = (FOLDER / "summarize" / "a.md").read_text("utf-8")
    arm.write_text(text.replace("## system\n", "## system\nBe brief.\n"), "utf-8")
    return PromptRegistry(tmp_path / "prompts")


@pytest.fixture
def models() -> Iterator[ModelSettings]:
    def brief_where_told(call: Call) -> Reply:
        whole = document(call)
        if "Be brief." in call.system:
            whole["claims"] = whole["claims"][:2]
        return Reply(text=json.dumps(whole))

    with serve(FakeModels(brief_where_told)) as url:
        yield settings_for(OPENAI, url)


def test_each_report_is_summarized_with_each_arm_and_what_holds_up_is_counted(
    data: Path, prompts: PromptRegistry, models: ModelSettings
) -> None:
    made, cases = run_summaries(data, models, prompts, ["a", "b"])
    assert [trial.arm for trial in made] == ["a", "b"]
    assert cases == [made[0].case]
    whole, brief = made
    assert whole.quality > brief.quality > 0
    assert brief.quality <= 2 / 12
    assert whole.tokens > 0


def test_arms_need_a_model_and_must_exist(
    data: Path, prompts: PromptRegistry, models: ModelSettings
) -> None:
    with pytest.raises(NotFoundError, match="no arm 'c'"):
        run_summaries(data, models, prompts, ["a", "c"])
    with pytest.raises(ConfigurationError, match="need a model"):
        run_summaries(data, ModelSettings(), prompts, ["a", "b"])
