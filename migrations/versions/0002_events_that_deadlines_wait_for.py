"""Events that deadlines wait for"""

from alembic import op
import sqlalchemy as sa

from domain.columns import UtcDateTime


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('directive', sa.Column('waits_for', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('directive', sa.Column('event_at', UtcDateTime(), nullable=True))
    op.add_column('directive', sa.Column('lateness_from', UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('directive', 'lateness_from')
    op.drop_column('directive', 'event_at')
    op.drop_column('directive', 'waits_for')
