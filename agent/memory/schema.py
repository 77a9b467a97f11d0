"""The whole schema: every module that defines tables is imported here, for migrations."""

from agent.memory import chat_tables, ledger_table, tokens
from agent.memory.tables import metadata

__all__ = ["chat_tables", "ledger_table", "metadata", "tokens"]
