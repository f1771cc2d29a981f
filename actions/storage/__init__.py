"""The desk's memory: tables, units of work, outbox, migrations. Decides nothing."""
