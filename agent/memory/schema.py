"""The whole schema: every module that defines tables is imported here, for migrations."""

from agent.memory import audit, chat_tables, ledger_table, outbox, rate_table, tokens
from agent.memory.tables import metadata

__all__ = ["audit", "chat_tables", "ledger_table", "metadata", "outbox", "rate_table", "tokens"]
