"""Regulations and their sides, reviews, submissions, compilations; kinds, fields and causes of delay"""

from alembic import op
import sqlalchemy as sa

from domain.columns import UtcDateTime


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('regulation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('term_from', sa.Date(), nullable=False),
    sa.Column('term_to', sa.Date(), nullable=True),
    sa.Column('successor_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.ForeignKeyConstraint(['successor_id'], ['regulation.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'number', 'issued_on')
    )
    op.create_table('regulation_side',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('regulation_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['regulation_id'], ['regulation.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('regulation_id', 'name')
    )
    op.create_table('review_schedule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('regulation_id', sa.Integer(), nullable=False),
    sa.Column('shape', sa.String(), nullable=False),
    sa.Column('opens_month', sa.Integer(), nullable=False),
    sa.Column('opens_day', sa.Integer(), nullable=False),
    sa.Column('due_month', sa.Integer(), nullable=False),
    sa.Column('due_day', sa.Integer(), nullable=False),
    sa.Column('of_last_year', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.ForeignKeyConstraint(['regulation_id'], ['regulation.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('regulation_id', 'shape')
    )
    op.create_index(op.f('ix_review_schedule_office_id'), 'review_schedule', ['office_id'], unique=False)
    op.create_table('review_cycle',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('regulation_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(), nullable=False),
    sa.Column('due_before', UtcDateTime(), nullable=False),
    sa.Column('conclusion_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.JSON(), nullable=False),
    sa.Column('opened_by', sa.String(), nullable=False),
    sa.Column('opened_at', UtcDateTime(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['conclusion_id'], ['conclusion.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.ForeignKeyConstraint(['regulation_id'], ['regulation.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('conclusion_id'),
    sa.UniqueConstraint('regulation_id', 'period')
    )
    op.create_index(op.f('ix_review_cycle_office_id'), 'review_cycle', ['office_id'], unique=False)
    op.create_table('side_agency',
    sa.Column('side_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], ),
    sa.ForeignKeyConstraint(['side_id'], ['regulation_side.id'], ),
    sa.PrimaryKeyConstraint('side_id', 'agency_id')
    )
    op.create_table('compilation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('period', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=True),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('submissions', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('compiled_by', sa.String(), nullable=False),
    sa.Column('compiled_at', UtcDateTime(), nullable=False),
    sa.Column('signed_by', sa.String(), nullable=True),
    sa.Column('signed_at', UtcDateTime(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('papers', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['review_cycle.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'scope', 'period', 'version')
    )
    op.create_index(op.f('ix_compilation_cycle_id'), 'compilation', ['cycle_id'], unique=False)
    op.create_table('submission_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('obligation_id', sa.Integer(), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('saved_at', UtcDateTime(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['cycle_id'], ['review_cycle.id'], ),
    sa.ForeignKeyConstraint(['link_id'], ['link.id'], ),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('obligation_id')
    )
    op.create_index(op.f('ix_submission_draft_cycle_id'), 'submission_draft', ['cycle_id'], unique=False)
    op.create_table('submission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Integer(), nullable=False),
    sa.Column('obligation_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('submitted_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['review_cycle.id'], ),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], ),
    sa.ForeignKeyConstraint(['report_id'], ['status_report.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('obligation_id', 'version'),
    sa.UniqueConstraint('report_id')
    )
    op.create_index(op.f('ix_submission_cycle_id'), 'submission', ['cycle_id'], unique=False)
    with op.batch_alter_table('conclusion', schema=None) as batch_op:
        batch_op.add_column(sa.Column('regulation_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_conclusion_regulation_id'), ['regulation_id'], unique=False)
        batch_op.create_foreign_key('fk_conclusion_regulation', 'regulation', ['regulation_id'], ['id'])
    with op.batch_alter_table('directive', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), nullable=False, server_default='task'))
        batch_op.add_column(sa.Column('field', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('raised_by', sa.String(), nullable=False, server_default=''))
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cause', sa.String(), nullable=False, server_default=''))
    with op.batch_alter_table('status_report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cause', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    raise NotImplementedError('regulations and reviews have no place in the tables before')
