"""How far a judge agrees with people, and whether it may therefore decide anything.

Agreement on an ordered scale is the weighted kappa with quadratic weights (J. Cohen, Psychological
Bulletin 70, 1968): 1 is full agreement, 0 what chance would give.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import ConflictError, InputError
from evals.judge.judge import Criterion, Item, Judge, criteria

LEAST_KAPPA = 0.6
"""Substantial agreement (J. R. Landis, G. G. Koch, Biometrics 33, 1977)."""
LEAST_LABELS = 20
_GRADES = 5


class Label(BaseModel):
    """One text as a person judged it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    criterion: str
    question: str
    text: str
    evidence: str = ""
    human: int = Field(ge=1, le=_GRADES)


@dataclass(frozen=True)
class Agreement:
    """How a judge and people agree on one criterion."""

    judge: str
    criterion: str
    labels: int
    kappa: float | None
    """None where people gave one grade only: agreement cannot be told from chance."""

    @property
    def refused(self) -> str:
        """Why the judge may not be a gate for this criterion; empty where it may."""
        if self.labels < LEAST_LABELS:
            return f"{self.labels} labels are too few ({LEAST_LABELS} at least)"
        if self.kappa is None:
            return "people gave one grade only, so agreement cannot be told from chance"
        if self.kappa < LEAST_KAPPA:
            return f"agreement with people is {self.kappa:.2f} ({LEAST_KAPPA} at least)"
        return ""


def weighted_kappa(one: Sequence[int], other: Sequence[int]) -> float | None:
    """Quadratic weighted kappa of two lists of grades 1 to 5; None where chance is all.

    Raises ValueError where the lists are not of the same length.
    """
    grid = np.zeros((_GRADES, _GRADES))
    for a, b in zip(one, other, strict=True):
        grid[a - 1, b - 1] += 1
    steps = np.arange(_GRADES)
    weights = (steps[:, None] - steps[None, :]) ** 2
    expected = np.outer(grid.sum(axis=1), grid.sum(axis=0)) / max(1.0, grid.sum())
    by_chance = float((weights * expected).sum())
    return None if by_chance == 0 else 1 - float((weights * grid).sum()) / by_chance


async def calibrate(judge: Judge, labels: Sequence[Label]) -> list[Agreement]:
    """Let the judge score what people scored, and say how far they agree, by criterion.

    Raises ProviderError where the model gives no usable answer.
    """
    found = []
    for criterion in criteria():
        own = [label for label in labels if label.criterion == criterion]
        if not own:
            continue
        scores = [
            (await judge.score(Item(x.question, x.text, x.evidence), criterion)).score for x in own
        ]
        kappa = weighted_kappa([label.human for label in own], scores)
        found.append(Agreement(judge.name, criterion, len(own), kappa))
    return found


def require_gate(agreements: Sequence[Agreement], judge: Judge, criterion: Criterion) -> Agreement:
    """The agreement that lets a judge decide by a criterion.

    Raises ConflictError where it was never calibrated, for this model and prompt, or agrees too
    little with people.
    """
    for agreement in agreements:
        if (agreement.judge, agreement.criterion) == (judge.name, criterion):
            if not agreement.refused:
                return agreement
            raise ConflictError(
                f"The judge may not decide on {criterion}: {agreement.refused}.",
                "Label more texts, or use another model or criterion.",
            )
    raise ConflictError(
        f"The judge was not calibrated for {criterion}.", "Run: isra eval calibrate LABELS."
    )


def load_labels(path: Path) -> list[Label]:
    """Labels, one JSON object a line. Raises InputError naming the line that is wrong."""
    labels = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name a file.") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is no text.", "Name a file of JSON lines.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            label = Label.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            said = ": ".join([*map(str, first["loc"]), first["msg"]])
            raise InputError(f"{path}, line {number}: {said}.", "Correct it.") from None
        if label.criterion not in criteria():
            known = ", ".join(criteria())
            raise InputError(f"{path}, line {number}: no such criterion.", f"There are: {known}.")
        labels.append(label)
    if not labels:
        raise InputError(f"{path} holds no labels.", "evals/golden/README.md shows what they are.")
    return labels


def save_agreements(path: Path, agreements: Sequence[Agreement]) -> None:
    """Keep what a calibration came to. Raises OSError."""
    path.write_text(json.dumps([asdict(a) for a in agreements], indent=1) + "\n", "utf-8")


def load_agreements(path: Path) -> list[Agreement]:
    """What a calibration came to. Raises InputError where the file is not one."""
    try:
        return [Agreement(**row) for row in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{path} is no calibration.", "Make one: isra eval calibrate LABELS --save FILE."
        ) from error
