"""The whole schema: every module that defines tables is imported here, for migrations."""

from agent.memory.tables import metadata

__all__ = ["metadata"]
