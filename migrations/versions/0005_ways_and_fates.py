"""Ways to people, what became of each message in full, channels that stand still, Zalo's tokens and codes"""

from alembic import op
import sqlalchemy as sa

from domain.columns import UtcDateTime, where


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('way',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('bad_since', UtcDateTime(), nullable=True),
    sa.Column('bad_why', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'person', 'channel', 'address')
    )
    op.create_table('preference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('opens', sa.String(), nullable=False),
    sa.Column('closes', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'person')
    )
    op.create_table('channel_stop',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('since', UtcDateTime(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'channel')
    )
    op.create_table('zalo_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('changed_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id')
    )
    op.create_table('chat_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('chat', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'digest')
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('person', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('brief', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('facts', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('calendar', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('fallback_of', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('delivered_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('reference', sa.String(), nullable=False, server_default=''))
        batch_op.create_foreign_key('fk_message_fallback_of', 'message', ['fallback_of'], ['id'])
        batch_op.create_index('message_reference', ['channel', 'reference'], unique=False, **where("reference <> ''"))
        batch_op.create_index('message_fallback', ['fallback_of'], unique=False, **where('fallback_of IS NOT NULL'))


def downgrade() -> None:
    raise NotImplementedError('what became of each message has no place in the tables before')
