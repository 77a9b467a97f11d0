"""Two arms of a prompt on a golden set: by code, and by a judge where one is asked."""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.errors import InputError
from evals.ab.case import Case
from evals.ab.judged import Decision, Preference, decide, preference, told
from evals.ab.paired import Verdict, judge_arms
from evals.ab.run import ArmsRun
from evals.ab.tasks import task_of
from evals.golden.lines import lacking
from evals.judge.calibration import Agreement
from evals.judge.judge import Criterion, Judge, criteria


@dataclass(frozen=True)
class Asked:
    """A judge, what it is to judge by, and how far it agrees with people."""

    judge: Judge
    criteria: tuple[Criterion, ...]
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True)
class ArmsReport:
    """Everything that was found, and the decision."""

    prompt: str
    quality: str
    """What code counted, in words."""
    verdict: Verdict
    preferences: tuple[Preference, ...]

    @property
    def decision(self) -> Decision:
        """By code and by the judges that may decide."""
        return decide(self.verdict, self.preferences)

    def shape(self) -> Mapping[str, object]:
        """As it is printed for programs."""
        return {
            "prompt": self.prompt,
            "quality_is": self.quality,
            **asdict(self.verdict),
            "judge": [asdict(one) for one in self.preferences],
            **asdict(self.decision),
        }

    def words(self) -> str:
        """As it is printed for people."""
        return told(self.verdict, self.quality, self.preferences)


@asynccontextmanager
async def distinct_cases(prompt: str, data: Path) -> AsyncIterator[list[Case]]:
    """The cases of a prompt in a set, as long as what they read is there.

    Raises InputError where the set's lines lack what a case needs.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = await task_of(prompt).cases(data, Path(folder))
        except KeyError as error:
            raise lacking(data, prompt, error) from error
        # Two lines of a set may ask the same.
        yield list({case.name: case for case in found}.values())


async def compare_arms(
    run: ArmsRun, data: Path, arms: tuple[str, str], asked: Asked | None = None
) -> ArmsReport:
    """Every case of the set with both arms.

    Raises:
        InputError: the set has no case.
        ProviderError: a model cannot be reached.
    """
    task = task_of(run.prompt)
    async with distinct_cases(run.prompt, data) as cases:
        trials = await run.trials(cases, arms)
    verdict = judge_arms(trials, *arms, [case.name for case in cases])
    preferences: list[Preference] = []
    if asked:
        for criterion in asked.criteria:
            said = preference(asked.judge, cases, trials, arms, criterion, asked.agreements)
            preferences.append(await said)
    return ArmsReport(run.prompt, task.quality, verdict, tuple(preferences))


def chosen_criteria(prompt: str, named: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria a judge compares texts of a prompt by: those named, else all.

    Raises InputError for an unknown one, and for a prompt that writes no texts.
    """
    if not task_of(prompt).prose:
        raise InputError(
            f"{prompt} writes no texts that a judge could compare.", "Leave --judge out."
        )
    unknown = sorted(set(named) - set(criteria()))
    if unknown:
        raise InputError(
            f"There is no criterion {', '.join(unknown)}.", f"There are: {', '.join(criteria())}."
        )
    return tuple(dict.fromkeys(named)) or tuple(criteria())
