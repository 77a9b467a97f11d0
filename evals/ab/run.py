"""Has every arm do every case, and keeps what it cost."""

import asyncio
from collections.abc import Sequence

from rich.console import Console

from agent.analyst.model import ModelAnalyst
from agent.errors import ConfigurationError, InputError, ProviderError
from agent.ledger import MemoryLedger, total_usage
from agent.limits import Gates
from agent.models.factory import ModelFactory
from agent.models.gateway import CallContext, ModelGateway
from agent.models.settings import ModelSettings
from agent.prompts.registry import PromptRegistry
from evals.ab.case import Case, Result
from evals.ab.paired import Trial
from evals.ab.tasks import task_of

_UNUSABLE = {"truncated", "blocked", "refused", "unparseable"}
"""Ends of a call that are the prompt's own doing; an outage is not."""


class ArmsRun:
    """One prompt, tried with the models of these settings."""

    def __init__(self, prompt: str, models: ModelSettings, prompts: PromptRegistry) -> None:
        self.prompt = prompt
        # A text of another model would say nothing of the arm.
        self._models = models.model_copy(update={"fallback": None})
        self._prompts = prompts
        # Shared by all cases, so that clients are built once and limits hold over all of them.
        self._gates = Gates(models.concurrency, models.calls_per_minute)
        self._factory = ModelFactory(models)

    def check(self, arms: Sequence[str]) -> None:
        """Find what would stop it before anything is read or paid for.

        Raises:
            ConfigurationError: no model writes these texts.
            NotFoundError: there is no such prompt or arm.
            InputError: nothing can be measured of this prompt.
        """
        for arm in arms:
            self._prompts.get(self.prompt, arm)
        if self._models.spec(task_of(self.prompt).role).extractive:
            raise ConfigurationError("Arms of a prompt need a model.", "Set ISRA_MODEL.")

    async def trials(self, cases: Sequence[Case], arms: Sequence[str]) -> list[Trial]:
        """Every case with every arm, the arms of a case one after the other.

        Raises InputError without cases, ProviderError where the model cannot be reached.
        """
        if not cases:
            raise InputError(
                f"The golden set has no case for {self.prompt}.",
                "evals/golden/README.md says which files make one.",
            )
        console = Console(stderr=True)
        console.print(f"{self.prompt}: {len(cases)} cases, arms {', '.join(arms)}", markup=False)
        done = await asyncio.gather(*(self._case(case, arms) for case in cases))
        return [trial for of_case in done for trial in of_case]

    async def _case(self, case: Case, arms: Sequence[str]) -> list[Trial]:
        return [await self._trial(case, arm) for arm in arms]

    async def _trial(self, case: Case, arm: str) -> Trial:
        ledger = MemoryLedger()
        gateway = ModelGateway(self._models, sink=ledger, gates=self._gates, factory=self._factory)
        analyst = ModelAnalyst(gateway, prompts=self._prompts).bound(
            CallContext(analysis="evaluation", thread="evaluation"), {self.prompt: arm}
        )
        result = await self._result(case, analyst, ledger)
        usage = total_usage(ledger.rows)
        return Trial(
            case=case.name,
            arm=arm,
            quality=result.quality,
            usd=usage.usd,
            seconds=sum(row.ms for row in ledger.rows) / 1000,
            tokens=usage.input_tokens + usage.output_tokens,
            text=result.text,
        )

    async def _result(self, case: Case, analyst: ModelAnalyst, ledger: MemoryLedger) -> Result:
        """What came of a case; a reply that cannot be used is a text without any quality."""
        try:
            result = await case.write(analyst)
        except ProviderError:
            if not ledger.rows or ledger.rows[-1].status not in _UNUSABLE:
                raise
            return Result(0.0)
        if ledger.rows and ledger.rows[-1].status not in {"ok", *_UNUSABLE}:
            # Not every prompt's caller minds: an outage must not count against the arm it met.
            raise ProviderError(
                f"The model gave no answer for {case.name}: {ledger.rows[-1].reason}",
                "Try again later; nothing is decided on a part of the cases.",
            )
        return result
