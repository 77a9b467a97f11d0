"""The models a user may choose, each with its analyst, made when it is first chosen."""

from collections.abc import Callable, Sequence

from agent.analyst.protocol import Analyst
from agent.models.settings import EXTRACTIVE, ModelSettings


class OfferedAnalysts:
    """Finds the analyst an analysis asks for; the choice is stored with its request."""

    def __init__(
        self,
        names: Sequence[str],
        models: ModelSettings,
        make: Callable[[ModelSettings], Analyst],
    ) -> None:
        self._names = frozenset(names)
        self._models = models
        self._make = make
        self._made: dict[str, Analyst] = {}

    def analyst(self, name: str) -> Analyst | None:
        """The analyst of the model named; None where the setting decides.

        A model that is no longer offered was taken away on purpose: the setting decides then.
        """
        if name not in self._names or name == str(self._models.main):
            return None
        if name not in self._made:
            own: dict[str, object] = {"model": name, "summarize": None, "synthesize": None}
            if name == str(EXTRACTIVE):
                own["fallback"] = None
            settings = ModelSettings.model_validate({**self._models.model_dump(), **own})
            self._made[name] = self._make(settings)
        return self._made[name]
