"""The tables of the chat: users, threads, steps, elements, feedback and turns.

Steps and elements are kept as the JSON documents the chat client understands; only what is
searched or ordered by has a column of its own.
"""

import sqlalchemy as sa

from agent.memory.tables import JSON, metadata

chat_users = sa.Table(
    "chat_users",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("identifier", sa.String(255), nullable=False, unique=True),
    sa.Column("metadata", JSON, nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
)

chat_threads = sa.Table(
    "chat_threads",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(255)),
    sa.Column(
        "user_id",
        sa.String(36),
        sa.ForeignKey("chat_users.id", ondelete="CASCADE"),
        index=True,
    ),
    sa.Column("tags", JSON),
    sa.Column("metadata", JSON, nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("updated_at", sa.String(40), nullable=False, index=True),
)

chat_steps = sa.Table(
    "chat_steps",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column(
        "thread_id",
        sa.String(64),
        sa.ForeignKey("chat_threads.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("favorite", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("body", JSON, nullable=False),
)

chat_elements = sa.Table(
    "chat_elements",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column(
        "thread_id",
        sa.String(64),
        sa.ForeignKey("chat_threads.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("for_id", sa.String(64), nullable=False, index=True),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("body", JSON, nullable=False),
)

chat_turns = sa.Table(
    "chat_turns",
    metadata,
    sa.Column("run_step_id", sa.String(64), primary_key=True),
    sa.Column(
        "thread_id",
        sa.String(64),
        sa.ForeignKey("chat_threads.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("analysis_id", sa.String(64), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("generated_by", sa.String(500), nullable=False, server_default=""),
    sa.Column("created_at", sa.String(40), nullable=False),
)
"""What a run step of the chat was: the `request` of an analysis, its `result`, an `answer`."""

chat_feedback = sa.Table(
    "chat_feedback",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("for_id", sa.String(64), nullable=False, index=True),
    sa.Column(
        "thread_id",
        sa.String(64),
        sa.ForeignKey("chat_threads.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("user_identifier", sa.String(255), nullable=False),
    sa.Column("analysis_id", sa.String(64), index=True),
    sa.Column("turn_kind", sa.String(16)),
    sa.Column("generated_by", sa.String(500), nullable=False, server_default=""),
    sa.Column("value", sa.Integer, nullable=False),
    sa.Column("comment", sa.Text),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("updated_at", sa.String(40), nullable=False),
    sa.UniqueConstraint("for_id", "user_identifier", name="uq_chat_feedback_for_id_user"),
)
