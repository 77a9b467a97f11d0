"""The analyst that uses no language model: it selects, words and cites what code found."""

from agent.analyst.extractive.analyst import ExtractiveAnalyst

__all__ = ["ExtractiveAnalyst"]
