"""Which model and prompts are behind a turn and its feedback"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0006'
down_revision: str | None = '0005'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for table in ('chat_turns', 'chat_feedback'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('generated_by', sa.String(length=500), server_default='', nullable=False))


def downgrade() -> None:
    for table in ('chat_feedback', 'chat_turns'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('generated_by')
