"""What LangSmith has been told of the thumbs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0009'
down_revision: str | None = '0008'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        'feedback_outbox',
        sa.Column('feedback_id', sa.String(length=36), nullable=False),
        sa.Column('trace', sa.String(length=36), nullable=True),
        sa.Column('sent_at', sa.String(length=40), server_default='', nullable=False),
        sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
        sa.Column('not_before', sa.String(length=40), server_default='', nullable=False),
        sa.PrimaryKeyConstraint('feedback_id', name=op.f('pk_feedback_outbox')),
    )
    with op.batch_alter_table('feedback_outbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_outbox_not_before'), ['not_before'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('feedback_outbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_outbox_not_before'))
    op.drop_table('feedback_outbox')
