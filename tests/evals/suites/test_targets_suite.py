"""How the suite pairs a found target with a golden one."""

from typing import Any

import pytest

from evals.suites.targets import agreement
from tests.builders import target

LINE: dict[str, Any] = {
    "kind": "reduction_absolute",
    "scopes": "1+2",
    "base_year": 2020,
    "target_year": 2030,
    "reduction_pct": 42,
    "pdf_page": 4,
    "quote": "reduce Scope 1 and 2 emissions by 42% by 2030",
}
FOUND: dict[str, Any] = {"scopes": "1+2", "target_year": 2030, "reduction_pct": 42.0}


def found(**changes: Any) -> float:
    fields = {"kind": "reduction_absolute", "quote": LINE["quote"], **FOUND, **changes}
    return agreement(target(**fields), LINE)


def test_the_same_target_agrees() -> None:
    assert found() > 0
    assert found(scopes=None) > 0


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "reduction_intensity"},
        {"target_year": 2031},
        {"reduction_pct": 43.0},
        {"scopes": "3"},
    ],
)
def test_another_kind_year_per_cent_or_scope_does_not(changes: dict[str, Any]) -> None:
    assert found(**changes) == 0
