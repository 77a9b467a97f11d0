"""Takes a user's rows out of the tables: conversations, feedback, tokens."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.chat_tables import chat_feedback, chat_users
from agent.memory.tokens import api_tokens


async def erase_rows(engine: AsyncEngine, user: str) -> None:
    """Delete the user's conversations with all in them, feedback and tokens.

    Analyses and reports have more than rows: `Research.erase` takes them away.
    """
    async with engine.begin() as connection:
        await connection.execute(
            sa.delete(chat_feedback).where(chat_feedback.c.user_identifier == user)
        )
        await connection.execute(sa.delete(chat_users).where(chat_users.c.identifier == user))
        await connection.execute(sa.delete(api_tokens).where(api_tokens.c.owner == user))
