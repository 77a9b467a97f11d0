"""The tables of the research itself: analyses and their append-only events."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NULLABLE_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)

analyses = sa.Table(
    "analyses",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False, index=True),
    sa.Column("state", sa.String(32), nullable=False, index=True),
    sa.Column("industry", sa.String(300), nullable=False),
    sa.Column("request", JSON, nullable=False),
    sa.Column("graph_version", sa.String(32), nullable=False),
    sa.Column("review", NULLABLE_JSON),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_seq", sa.Integer, nullable=False, server_default="0"),
    sa.Column("result_ref", sa.String(128)),
    sa.Column("what", sa.Text, nullable=False, server_default=""),
    sa.Column("do", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("updated_at", sa.String(40), nullable=False),
)

"""`review` is the confirmed company list, `attempt` counts the times the failed companies were
to be tried again, `last_seq` is the number of the newest event."""

run_events = sa.Table(
    "run_events",
    metadata,
    sa.Column(
        "analysis_id",
        sa.String(64),
        sa.ForeignKey("analyses.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("company_id", sa.String(128)),
    sa.Column("data", JSON, nullable=False),
)

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(255), primary_key=True),
    sa.Column("file", sa.String(400), nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("verdict", JSON, nullable=False),
    sa.Column("added_at", sa.String(40), nullable=False),
)
