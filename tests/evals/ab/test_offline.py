"""Arms of every prompt on a golden set, written by a model over real HTTP, and judged."""

import asyncio
from pathlib import Path
from typing import get_args

import pytest

from agent.errors import ConfigurationError, InputError, NotFoundError, ProviderError
from agent.models.gateway import ModelGateway
from agent.models.settings import ModelSettings
from agent.prompts.registry import PromptRegistry
from evals.ab.case import Case, Result
from evals.ab.choices import Message, delivered_messages
from evals.ab.judged import Preference, decide, preference, told
from evals.ab.offline import chosen_criteria, compare_arms
from evals.ab.paired import Trial, Verdict, judge_arms
from evals.ab.run import ArmsRun
from evals.ab.scored import labels_to_give, score_texts, told_scores
from evals.ab.tasks import TASKS
from evals.judge.calibration import Agreement, calibrate, load_labels
from evals.judge.judge import Judge
from tests.evals.ab.conftest import BRIEF, CAREFUL
from tests.fakes.llm.providers import OPENAI, settings_for
from tests.fakes.llm.server import FakeModels
from tests.fakes.llm.wire import Reply
from tools.directory import load_directory

ARMS = (CAREFUL, BRIEF)
MANY = 6
"""Cases of a prompt that these tests let the model do."""


@pytest.fixture(scope="session")
def cases(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Case]]:
    """The cases of every prompt, read once."""
    folder = tmp_path_factory.mktemp("library")

    async def read() -> dict[str, list[Case]]:
        return {prompt: await task.cases(data, folder) for prompt, task in TASKS.items()}

    return asyncio.run(read())


@pytest.mark.parametrize("prompt", list(TASKS))
async def test_the_arm_that_does_less_scores_less_on_every_prompt(
    prompt: str, cases: dict[str, list[Case]], prompts: PromptRegistry, server: str
) -> None:
    run = ArmsRun(prompt, settings_for(OPENAI, server), prompts)
    run.check(ARMS)
    some = cases[prompt][:MANY]
    made = await run.trials(some, ARMS)
    verdict = judge_arms(made, *ARMS, [case.name for case in some])
    careful, brief = verdict.quality
    assert 1 >= careful > brief >= 0
    assert careful > 0.3
    assert min(verdict.tokens) > 0
    if TASKS[prompt].prose:
        assert all(trial.text for trial in made if trial.arm == CAREFUL and trial.quality)
        assert all(case.question and case.evidence for case in some)


def test_every_case_of_a_set_has_a_name_of_its_own(cases: dict[str, list[Case]]) -> None:
    for of_prompt in cases.values():
        names = [case.name for case in of_prompt]
        assert len(set(names)) == len(names) > 0


def test_delivered_messages_mean_industries_of_the_directory_and_every_kind() -> None:
    known = {industry.id for industry in load_directory().industries}
    assert {one for message in delivered_messages() for one in message.industries} <= known
    assert {message.kind for message in delivered_messages()} == set(
        get_args(Message.model_fields["kind"].annotation)
    )


async def test_the_report_says_what_was_counted_which_arm_to_keep_and_why(
    data: Path, cases: dict[str, list[Case]], prompts: PromptRegistry, server: str
) -> None:
    run = ArmsRun("answer", settings_for(OPENAI, server), prompts)
    report = await compare_arms(run, data, ARMS)
    shape = report.shape()
    assert shape["prompt"] == "answer"
    assert shape["cases"] == len(cases["answer"])
    assert report.words().startswith("Quality: questions answered with the figure printed")
    assert report.words().endswith(report.decision.why)


def test_arms_need_a_model_and_must_exist(prompts: PromptRegistry) -> None:
    for prompt, arm, said in (("summarize", "c", "no arm 'c'"), ("poem", "a", "no prompt 'poem'")):
        with pytest.raises(NotFoundError, match=said):
            ArmsRun(prompt, settings_for(OPENAI, "http://127.0.0.1:9"), prompts).check([arm])
    with pytest.raises(ConfigurationError, match="need a model"):
        ArmsRun("summarize", ModelSettings(), prompts).check(ARMS)
    with pytest.raises(InputError, match="repair cannot be compared"):
        ArmsRun("repair", settings_for(OPENAI, "http://127.0.0.1:9"), prompts).check(ARMS)


async def test_a_reply_that_cannot_be_used_costs_its_arm_and_an_outage_costs_none(
    cases: dict[str, list[Case]], prompts: PromptRegistry, models: FakeModels, server: str
) -> None:
    run = ArmsRun("translate", settings_for(OPENAI, server, attempts=1), prompts)
    summaries = ArmsRun("summarize", settings_for(OPENAI, server, attempts=1), prompts)
    sentences, reports = cases["translate"][:1], cases["summarize"][:1]
    models.responder = lambda call: Reply(text="no document at all")
    made = [*await run.trials(sentences, ARMS), *await summaries.trials(reports, ARMS)]
    assert [trial.quality for trial in made] == [0.0] * 4
    models.responder = lambda call: Reply(status=400)
    with pytest.raises(ProviderError):
        await run.trials(sentences, ARMS)
    with pytest.raises(ProviderError):
        await summaries.trials(reports, ARMS)


async def test_lines_that_lack_what_a_case_needs_are_named(
    prompts: PromptRegistry, tmp_path: Path
) -> None:
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "reports.jsonl").write_text('{"file": "a.pdf"}')
    run = ArmsRun("summarize", settings_for(OPENAI, "http://127.0.0.1:9"), prompts)
    with pytest.raises(InputError, match="summarize misses 'company'"):
        await compare_arms(run, tmp_path, ARMS)


async def test_a_set_without_cases_is_said_to_have_none(
    prompts: PromptRegistry, server: str
) -> None:
    with pytest.raises(InputError, match="has no case for summarize"):
        await ArmsRun("summarize", settings_for(OPENAI, server), prompts).trials([], ARMS)


async def never(_analyst: object) -> Result:
    raise AssertionError


CASES = [Case(f"c{n}", never, "How is it doing?", "K1 | 5 kt") for n in range(8)]


def trials(one: str, other: str, quality: float = 0.5) -> list[Trial]:
    return [
        Trial(case.name, arm, quality, 0.0, 1.0, 10, text)
        for case in CASES
        for arm, text in ((CAREFUL, one), (BRIEF, other))
    ]


@pytest.fixture
def judge(server: str) -> Judge:
    return Judge(ModelGateway(settings_for(OPENAI, server, attempts=1)))


async def preferred(judge: Judge, made: list[Trial], *known: Agreement) -> Preference:
    return await preference(judge, CASES, made, ARMS, "usefulness", known)


def verdict(made: list[Trial]) -> Verdict:
    return judge_arms(made, *ARMS, [case.name for case in CASES])


async def test_a_judge_that_was_not_calibrated_is_shown_and_decides_nothing(judge: Judge) -> None:
    made = trials("It emits 5 kt, 2 % less than before.", "It emits 5 kt.")
    found = await preferred(judge, made)
    assert (found.wins, found.ties, found.p) == ((8, 0), 0, 2 / 2**8)
    assert found.followed_position == 0
    assert "not calibrated for usefulness" in found.not_a_gate
    assert decide(verdict(made), [found]).keep is None
    words = told(verdict(made), "what counts", [found])
    assert "not a gate: The judge was not calibrated" in words
    assert words.endswith("cost and time may decide.")


async def test_a_calibrated_judge_decides_where_code_does_not_tell(judge: Judge) -> None:
    made = trials("It emits 5 kt, 2 % less than before.", "It emits 5 kt.")
    found = await preferred(judge, made, Agreement(judge.name, "usefulness", 40, 0.8))
    assert found.not_a_gate == ""
    assert decide(verdict(made), [found]).keep == CAREFUL
    against = [t for t in made if t.arm == CAREFUL]
    against += [Trial(c.name, BRIEF, 0.9, 0.0, 1.0, 10, "It emits 5 kt.") for c in CASES]
    torn = decide(verdict(against), [found])
    assert torn.keep is None
    assert "b by code; a by the judge on usefulness" in torn.why


async def test_a_judge_that_follows_the_position_or_gives_no_answer_decides_nothing(
    judge: Judge, models: FakeModels
) -> None:
    made = trials("It emits 5 kt, 2 % less than before.", "It emits 5 kt.")
    known = Agreement(judge.name, "usefulness", 40, 0.9)
    models.responder = lambda call: Reply(text='{"reason": "It is first.", "better": "first"}')
    follows = await preferred(judge, made, known)
    assert (follows.wins, follows.ties, follows.p, follows.followed_position) == ((0, 0), 8, 1, 1)
    assert "followed the position in 100 %" in follows.not_a_gate
    models.responder = lambda call: Reply(text="It depends.")
    silent = await preferred(judge, made, known)
    assert silent.unanswered == 8
    assert "no answer for 8 cases" in silent.not_a_gate


async def test_texts_that_are_the_same_are_neither_better_nor_sent(
    judge: Judge, models: FakeModels
) -> None:
    found = await preferred(judge, trials("It emits 5 kt.", "It emits 5 kt."))
    assert (found.wins, found.ties, found.p) == ((0, 0), 8, 1)
    assert models.calls == []


def test_several_criteria_share_the_level() -> None:
    def said(p: float, criterion: str) -> Preference:
        return Preference("judge", criterion, ARMS, (7, 1), 0, 0, p, 0.0, "")

    alike = verdict(trials("x", "y"))
    assert decide(alike, [said(0.04, "usefulness")]).keep == CAREFUL
    assert decide(alike, [said(0.04, "usefulness"), said(0.9, "coherence")]).keep is None


async def test_texts_are_scored_and_those_without_a_text_are_told(judge: Judge) -> None:
    made = trials("It emits 5 kt.", "")
    good = await score_texts(judge, CASES, [t for t in made if t.arm == CAREFUL], "usefulness")
    assert (good.mean, good.low, good.high, good.unanswered) == (4.0, 4.0, 4.0, 0)
    assert "4.00 of 5" in told_scores(good)
    assert "not a gate: The judge was not calibrated" in told_scores(good)
    none = await score_texts(judge, CASES, [t for t in made if t.arm == BRIEF], "usefulness")
    assert (none.mean, none.unanswered) == (None, 8)
    assert "no text was scored" in told_scores(none)


async def test_people_score_the_same_texts_and_the_judge_is_held_against_them(
    judge: Judge, tmp_path: Path
) -> None:
    made = [trial for trial in trials("It emits 5 kt.", "") if trial.arm == CAREFUL]
    lines = list(labels_to_give(CASES, made, ["coherence", "usefulness"]))
    assert len(lines) == 16
    file = tmp_path / "labels.jsonl"
    file.write_text("\n".join(lines))
    with pytest.raises(InputError, match="line 1: human"):
        load_labels(file)
    file.write_text("\n".join(line.replace("null", "4") for line in lines))
    found = await calibrate(judge, load_labels(file))
    assert [one.labels for one in found] == [8, 8]


def test_criteria_are_those_written_and_only_for_prompts_that_write() -> None:
    assert chosen_criteria("answer", ["coherence"]) == ("coherence",)
    assert "usefulness" in chosen_criteria("answer", [])
    with pytest.raises(InputError, match="no criterion beauty"):
        chosen_criteria("answer", ["beauty"])
    with pytest.raises(InputError, match="writes no texts"):
        chosen_criteria("identify", [])
