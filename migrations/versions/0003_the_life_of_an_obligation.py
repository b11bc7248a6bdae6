"""The life of an obligation"""

from alembic import op
import sqlalchemy as sa

from domain.columns import UtcDateTime


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('office', sa.Column('sending', sa.String(), nullable=False, server_default='live'))
    op.add_column('office', sa.Column('redirect_to', sa.String(), nullable=False, server_default=''))
    op.add_column('office', sa.Column('unheard', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('conclusion', schema=None, naming_convention=NAMES) as batch_op:
        batch_op.add_column(sa.Column('withdrawal', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('withdrawn_at', UtcDateTime(), nullable=True))
        batch_op.drop_constraint(_unique('conclusion'), type_='unique')
        batch_op.create_unique_constraint('conclusion_number', ['office_id', 'number', 'issued_on', 'withdrawal'])
    op.add_column('directive', sa.Column('runs', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('directive', sa.Column('first_period', sa.String(), nullable=False, server_default=''))
    op.add_column('directive', sa.Column('next_opening_at', UtcDateTime(), nullable=True))
    op.create_index(op.f('ix_directive_next_opening_at'), 'directive', ['next_opening_at'], unique=False)
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        for name in ('first_due_before', 'assigned_at', 'lateness_from', 'acknowledged_at', 'heard_at', 'asked_at',
                     'returned_at', 'cancelled_at'):
            batch_op.add_column(sa.Column(name, UtcDateTime(), nullable=True))
        for name in ('turn', 'extensions', 'link'):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('came_from', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('obligation_came_from', 'obligation', ['came_from'], ['id'])
    op.execute(
        'UPDATE obligation SET first_due_before = (SELECT d.due_before FROM directive d WHERE d.id = directive_id), '
        'lateness_from = (SELECT d.lateness_from FROM directive d WHERE d.id = directive_id), '
        'assigned_at = (SELECT c.filed_at FROM conclusion c JOIN directive d ON d.conclusion_id = c.id '
        'WHERE d.id = directive_id), '
        'heard_at = (SELECT max(r.effective_at) FROM status_report r WHERE r.obligation_id = obligation.id)'
    )
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.alter_column('assigned_at', existing_type=UtcDateTime(), nullable=False)
    op.drop_column('directive', 'lateness_from')
    op.add_column('checkpoint', sa.Column('turn', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('checkpoint', sa.Column('approved_at', UtcDateTime(), nullable=True))
    op.add_column('checkpoint', sa.Column('note', sa.String(), nullable=False, server_default=''))
    op.add_column('message', sa.Column('diverted_to', sa.String(), nullable=False, server_default=''))
    op.create_table('extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('obligation_id', sa.Integer(), nullable=False),
    sa.Column('before', UtcDateTime(), nullable=False),
    sa.Column('wished', UtcDateTime(), nullable=True),
    sa.Column('asked_by', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('granted', UtcDateTime(), nullable=True),
    sa.Column('decided_by', sa.String(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_extension_obligation_id'), 'extension', ['obligation_id'], unique=False)
    op.create_table('work_return',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('obligation_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=True),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_work_return_obligation_id'), 'work_return', ['obligation_id'], unique=False)
    op.create_table('verification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('obligation_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('effective_at', UtcDateTime(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], ),
    sa.ForeignKeyConstraint(['report_id'], ['status_report.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_verification_obligation_id'), 'verification', ['obligation_id'], unique=False)
    op.create_table('conclusion_person',
    sa.Column('conclusion_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('official_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conclusion_id'], ['conclusion.id'], ),
    sa.ForeignKeyConstraint(['official_id'], ['official.id'], ),
    sa.PrimaryKeyConstraint('conclusion_id', 'role')
    )
    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'person', 'since')
    )


NAMES = {'uq': 'uq_%(table_name)s_%(column_0_name)s'}  # SQLite forgets a constraint's name: what we call it meanwhile


def _unique(table: str) -> str:
    """The name of the table's unnamed unique constraint: PostgreSQL has given it one, SQLite has not."""
    found = sa.inspect(op.get_bind()).get_unique_constraints(table)
    return found[0]['name'] or f'uq_{table}_{found[0]["column_names"][0]}'


def downgrade() -> None:
    raise NotImplementedError('what an obligation lived through has no place in the tables before')
