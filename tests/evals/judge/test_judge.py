"""The judge against a fake model over real HTTP: both orders, bias caught, calibration."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.errors import ConfigurationError, ConflictError, InputError, ProviderError
from agent.models.gateway import ModelGateway
from agent.settings import Settings
from evals.judge.bedrock import bedrock_judges
from evals.judge.calibration import (
    Agreement,
    Label,
    calibrate,
    load_agreements,
    load_labels,
    require_gate,
    save_agreements,
    weighted_kappa,
)
from evals.judge.judge import Item, Judge, criteria, followed_position, judge_settings
from tests.fakes.llm.providers import OPENAI, settings_for
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply

GOOD = Item("How is cement doing?", "Scope 1 fell by 4 % to 12.5 kt in 2024.", "K1 | 12.5 kt")
POOR = Item("How is cement doing?", "Things are good, or not.", "K1 | 12.5 kt")


@pytest.fixture
def models() -> FakeModels:
    return FakeModels(lambda call: Reply(status=500))


@pytest.fixture
def judge(models: FakeModels) -> Iterator[Judge]:
    with serve(models) as url:
        yield Judge(ModelGateway(settings_for(OPENAI, url, attempts=1)))


def grade(text: str) -> int:
    """What a fair judge thinks: figures make a text good."""
    return min(5, 1 + 2 * len(re.findall(r"\d+(?:\.\d+)?", text)))


def fair(call: Call) -> Reply:
    texts = re.findall(r"The (?:first |second )?text:\n(.*)", call.user)
    if "score" in call.wanted["properties"]:
        return Reply(text=json.dumps({"reason": "Figures.", "score": grade(texts[0])}))
    one, other = map(grade, texts)
    better = "first" if one > other else "second" if other > one else "neither"
    return Reply(text=json.dumps({"reason": "Figures.", "better": better}))


def always(place: str) -> Callable[[Call], Reply]:
    """A judge that prefers whatever stands at a place."""
    return lambda call: Reply(text=json.dumps({"reason": "It is better.", "better": place}))


async def test_the_better_text_is_preferred_wherever_it_stands(
    judge: Judge, models: FakeModels
) -> None:
    models.responder = fair
    assert (await judge.compare(GOOD, POOR, "usefulness")).better == "first"
    assert (await judge.compare(POOR, GOOD, "usefulness")).better == "second"
    alike = await judge.compare(GOOD, GOOD, "usefulness")
    assert (alike.better, alike.followed_position) == ("neither", False)
    firsts = [call.user.index(GOOD.text) < call.user.index(POOR.text) for call in models.calls[:2]]
    assert firsts == [True, False]


@pytest.mark.parametrize("place", ["first", "second"])
async def test_a_judge_that_follows_the_position_prefers_nothing_and_is_caught(
    judge: Judge, models: FakeModels, place: str
) -> None:
    models.responder = always(place)
    comparisons = [await judge.compare(GOOD, POOR, "coherence") for _ in range(2)]
    assert {comparison.better for comparison in comparisons} == {"neither"}
    assert followed_position(comparisons) == 1.0


async def test_the_model_is_given_the_written_criterion_and_the_text_behind_a_fence(
    judge: Judge, models: FakeModels
) -> None:
    models.responder = fair
    assert (await judge.score(GOOD, "factual_accuracy")).score == 5
    [call] = models.calls
    assert " ".join(criteria()["factual_accuracy"].split()) in " ".join(call.system.split())
    assert criteria()["coherence"][:20] not in call.system
    fence = re.search(r"^(=====EVIDENCE-\w+=====)$", call.user, re.MULTILINE)
    assert fence is not None
    assert call.user.split(fence[1])[1].count(GOOD.text) == 1


@pytest.mark.parametrize("reply", ['{"reason": "x", "score": 9}', "great", '{"score": 5}'])
async def test_an_answer_that_is_no_score_is_no_score(
    judge: Judge, models: FakeModels, reply: str
) -> None:
    models.responder = lambda call: Reply(text=reply)
    with pytest.raises(ProviderError):
        await judge.score(GOOD, "coherence")


def test_kappa_is_that_of_the_literature() -> None:
    assert weighted_kappa([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]) == 1
    assert weighted_kappa([1, 1, 5, 5], [1, 5, 1, 5]) == pytest.approx(0)
    assert weighted_kappa([1, 5], [5, 1]) == pytest.approx(-1)
    assert weighted_kappa([3, 3], [3, 3]) is None
    assert weighted_kappa([1, 2, 3, 3], [1, 2, 2, 4]) == pytest.approx(1 - 2 / 7.5)


def labels(human: Callable[[int], int]) -> list[Label]:
    texts = [("No figure.", 1), ("It was 5 kt.", 3), ("It was 5 kt, 2 % less.", 5)] * 8
    return [
        Label(criterion="usefulness", question="How?", text=text, human=human(value))
        for text, value in texts
    ]


async def test_a_judge_that_agrees_with_people_may_decide(judge: Judge, models: FakeModels) -> None:
    models.responder = fair
    [agreement] = await calibrate(judge, labels(lambda value: value))
    assert (agreement.labels, agreement.kappa, agreement.refused) == (24, 1.0, "")
    assert require_gate([agreement], judge, "usefulness") is agreement


async def test_a_judge_that_disagrees_or_was_never_asked_may_not(
    judge: Judge, models: FakeModels
) -> None:
    models.responder = fair
    [agreement] = await calibrate(judge, labels(lambda value: 6 - value))
    assert agreement.kappa is not None
    assert agreement.kappa < 0
    with pytest.raises(ConflictError, match="agreement with people is -"):
        require_gate([agreement], judge, "usefulness")
    with pytest.raises(ConflictError, match="not calibrated for coherence"):
        require_gate([agreement], judge, "coherence")
    another = Agreement("gemini:other score/a@0", "usefulness", 100, 0.9)
    with pytest.raises(ConflictError, match="not calibrated"):
        require_gate([another], judge, "usefulness")
    few = Agreement(judge.name, "usefulness", 5, 1.0)
    with pytest.raises(ConflictError, match="too few"):
        require_gate([few], judge, "usefulness")


def test_labels_and_calibrations_are_read_back_and_wrong_ones_refused(tmp_path: Path) -> None:
    kept = [Agreement("openai:x", "coherence", 30, 0.7)]
    save_agreements(tmp_path / "c.json", kept)
    assert load_agreements(tmp_path / "c.json") == kept
    path = tmp_path / "labels.jsonl"
    line: dict[str, Any] = {"criterion": "coherence", "question": "q", "text": "t", "human": 4}
    path.write_text(json.dumps(line) + "\n")
    assert [label.human for label in load_labels(path)] == [4]
    for wrong in ({"human": 6}, {"criterion": "beauty"}):
        path.write_text(json.dumps({**line, **wrong}))
        with pytest.raises(InputError, match="line 1"):
            load_labels(path)


def settings(tmp_path: Path, **values: Any) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, **values)


def test_another_model_than_the_writer_judges(tmp_path: Path) -> None:
    made = settings(tmp_path, model="openai:gpt-5-mini", judge_model="gemini:flash")
    assert str(judge_settings(made).main) == "gemini:flash"
    with pytest.raises(ConfigurationError, match="its own texts"):
        judge_settings(settings(tmp_path, model="gemini:flash", judge_model="gemini:flash"))
    with pytest.raises(ConfigurationError, match="No model is set"):
        judge_settings(settings(tmp_path))


SONNET, HAIKU = bedrock_judges().models[:2]


@pytest.mark.parametrize(
    ("region", "profile"),
    [
        ("us-east-1", "us"),
        ("ca-central-1", "us"),
        ("us-gov-west-1", "us-gov"),
        ("eu-central-1", "eu"),
        ("eu-west-2", "eu"),
        ("ap-northeast-1", "jp"),
        ("ap-southeast-2", "au"),
        ("ap-south-1", "global"),
        ("sa-east-1", "global"),
    ],
)
def test_a_claude_of_the_regions_own_profile_judges_where_bedrock_is_configured(
    tmp_path: Path, region: str, profile: str
) -> None:
    made = settings(tmp_path, model="openai:gpt-5-mini", bedrock_region=region)
    assert str(judge_settings(made).main) == f"bedrock:{profile}.{SONNET}"


@pytest.mark.parametrize(
    "writer",
    [
        f"eu.{SONNET}",
        f"global.{SONNET}",
        SONNET,
        f"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.{SONNET}",
    ],
)
def test_a_writer_on_bedrock_is_not_its_own_judge_by_another_profile(
    tmp_path: Path, writer: str
) -> None:
    made = settings(tmp_path, model=f"bedrock:{writer}", bedrock_region="eu-west-1")
    assert str(judge_settings(made).main) == f"bedrock:eu.{HAIKU}"
    named = made.model_copy(update={"judge_model": f"bedrock:us.{SONNET}"})
    with pytest.raises(ConfigurationError, match="its own texts"):
        judge_settings(named)


def test_neither_the_fallback_nor_the_writer_at_its_own_address_judges(tmp_path: Path) -> None:
    behind = settings(
        tmp_path, model="openai:one", model_fallback="gemini:two", judge_model="gemini:two"
    )
    with pytest.raises(ConfigurationError, match="its own texts"):
        judge_settings(behind)
    at_home = settings(
        tmp_path,
        model="openai:local",
        model_base_url="http://localhost:9",
        judge_model="openai:local@http://localhost:9",
    )
    with pytest.raises(ConfigurationError, match="its own texts"):
        judge_settings(at_home)


def test_the_profiles_name_each_region_once() -> None:
    named = [region for regions in bedrock_judges().profiles.values() for region in regions]
    assert len(set(named)) == len(named)


def test_the_judge_is_not_sent_to_the_writers_server(tmp_path: Path) -> None:
    made = settings(
        tmp_path,
        model="openai:local",
        model_base_url="http://localhost:9",
        judge_model="gemini:flash",
    )
    assert judge_settings(made).spec("answer").base_url is None
