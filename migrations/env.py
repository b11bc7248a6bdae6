"""Alembic runs inside the connection that `domain.founding.migrate` gives it."""

from alembic import context
from sqlmodel import SQLModel

import domain.reports  # noqa: F401  # registers the domain's tables
import notifications.tables  # noqa: F401  # registers the notifications' tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
