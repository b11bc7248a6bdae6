"""Mail that came in: bounces and replies, their files, the reports made of them, how far a mailbox was read"""

from alembic import op
import sqlalchemy as sa

from domain.columns import UtcDateTime, where


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('incoming',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('about_id', sa.Integer(), nullable=True),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('sender_name', sa.String(), nullable=False),
    sa.Column('stranger', sa.Boolean(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('received_at', UtcDateTime(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('settled_by', sa.String(), nullable=False),
    sa.Column('settled_at', UtcDateTime(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('letter_number', sa.String(), nullable=False),
    sa.Column('letter_date', sa.Date(), nullable=True),
    sa.Column('letter_about', sa.String(), nullable=False),
    sa.Column('letter_text', sa.Text(), nullable=False),
    sa.Column('letter_problem', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['about_id'], ['message.id'], ),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'message_id')
    )
    op.create_index('incoming_waiting', 'incoming', ['office_id', 'id'], unique=False, **where("state = 'waiting'"))
    op.create_index('incoming_about', 'incoming', ['about_id'], unique=False, **where('about_id IS NOT NULL'))
    op.create_table('incoming_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incoming_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('mime', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('refused', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['incoming_id'], ['incoming.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_incoming_file_incoming_id'), 'incoming_file', ['incoming_id'], unique=False)
    op.create_table('incoming_report',
    sa.Column('incoming_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['incoming_id'], ['incoming.id'], ),
    sa.ForeignKeyConstraint(['report_id'], ['status_report.id'], ),
    sa.PrimaryKeyConstraint('incoming_id', 'report_id')
    )
    op.create_table('mailbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('folder', sa.String(), nullable=False),
    sa.Column('uid_validity', sa.BigInteger(), nullable=False),
    sa.Column('last_uid', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('office_id', 'folder')
    )


def downgrade() -> None:
    raise NotImplementedError('mail that came in has no place in the tables before')
