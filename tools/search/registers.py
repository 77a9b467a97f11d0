"""Outside registers of targets: what they say of a company, beside what its report says."""

from collections.abc import Sequence
from typing import Protocol

from agent.domain import Company, TargetCheck
from agent.errors import IsraError
from agent.logs import get_logger

log = get_logger(__name__)


class TargetRegister(Protocol):
    """A register that can be asked about a company."""

    @property
    def name(self) -> str:
        """Its name for people."""
        ...

    async def check(self, company: Company) -> TargetCheck:
        """What it says of the company's targets. Raises IsraError when it cannot be asked."""
        ...


class Registers:
    """Asks every register; one that cannot be asked is left out and logged."""

    def __init__(self, registers: Sequence[TargetRegister] = ()) -> None:
        self._registers = tuple(registers)

    async def check(self, company: Company) -> tuple[TargetCheck, ...]:
        """What the registers say; empty for a fictional company."""
        checks: list[TargetCheck] = []
        for register in () if company.fictional else self._registers:
            try:
                checks.append(await register.check(company))
            except IsraError as error:
                log.warning("register not asked", register=register.name, reason=str(error))
        return tuple(checks)
