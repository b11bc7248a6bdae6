"""Accounts, signed links, papers on the desk, and words to search by"""

from alembic import op
import sqlalchemy as sa

from domain.columns import UtcDateTime, where
from domain.names import fold


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('username', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('rank', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('disabled_at', UtcDateTime(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'username')
    )
    op.create_table('once',
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('form')
    )
    op.create_table('link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=True),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_agency_id'), ['agency_id'], unique=False)

    op.create_table('paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('draft', sa.JSON(), nullable=False),
    sa.Column('seen', sa.JSON(), nullable=False),
    sa.Column('added', sa.JSON(), nullable=False),
    sa.Column('owners', sa.JSON(), nullable=False),
    sa.Column('track_from', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('changed_at', UtcDateTime(), nullable=False),
    sa.Column('conclusion_id', sa.Integer(), nullable=True),
    sa.Column('dropped_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['conclusion_id'], ['conclusion.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('web_session',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('digest')
    )
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_web_session_account_id'), ['account_id'], unique=False)

    with op.batch_alter_table('conclusion', schema=None) as batch_op:
        batch_op.add_column(sa.Column('folded', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('directive', schema=None) as batch_op:
        batch_op.add_column(sa.Column('folded', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.add_column(sa.Column('link_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('extension_link', 'link', ['link_id'], ['id'])

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('link_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('message_link', 'link', ['link_id'], ['id'])

    with op.batch_alter_table('status_report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('who', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('phone', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('link_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('status_report_link', 'link', ['link_id'], ['id'])

    with op.batch_alter_table('work_return', schema=None) as batch_op:
        batch_op.add_column(sa.Column('link_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('work_return_link', 'link', ['link_id'], ['id'])

    op.create_index('conclusion_order', 'conclusion', ['office_id', 'issued_on', 'id'])
    op.create_index('obligation_open', 'obligation', ['office_id', 'due_before', 'id', 'state'], **where('settled_at IS NULL'))
    settled = ['office_id', 'settled_at', 'id', 'state', 'due_before']
    op.create_index('obligation_settled', 'obligation', settled, **where('settled_at IS NOT NULL'))
    op.create_index('obligation_asked', 'obligation', ['office_id', 'asked_at'], **where('asked_at IS NOT NULL'))
    op.create_index('obligation_state', 'obligation', ['office_id', 'state'])
    op.create_index('obligation_figures', 'obligation', ['office_id', 'agency_id', 'state', 'due_before', 'settled_at'])
    op.create_index('checkpoint_approval', 'checkpoint', ['office_id', 'at'], **where("kind = 'approve'"))
    op.create_index('message_status', 'message', ['office_id', 'status', 'id'])
    op.create_index('message_agency', 'message', ['agency_id', 'id'])

    _fold('conclusion', ('number', 'title', 'place', 'concluded_by'))
    _fold('directive', ('path', 'text'))


def _fold(table: str, columns: tuple[str, ...]) -> None:
    """What is searched in, without accents, for the rows that are there."""
    bind = op.get_bind()
    rows = bind.execute(sa.text(f"SELECT id, {', '.join(columns)} FROM {table}")).all()
    folded = [{'id': row[0], 'words': fold(' '.join(part for part in row[1:] if part))} for row in rows]
    if folded:
        bind.execute(sa.text(f'UPDATE {table} SET folded = :words WHERE id = :id'), folded)


def downgrade() -> None:
    raise NotImplementedError('links and accounts have no place in the tables before')
