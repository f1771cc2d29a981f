"""What Alembic runs for every command: over a connection that ``migrate`` has opened."""

from alembic import context

from actions.storage.everything import TABLES


def run() -> None:
    """Run the migrations, in the transaction that the caller began."""
    connection = context.config.attributes["connection"]
    if connection is None:
        raise RuntimeError("run migrations with actions.storage.migrate, not the alembic command")
    context.configure(
        connection=connection,
        target_metadata=TABLES,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="base.",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
