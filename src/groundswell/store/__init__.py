"""The database: tables, sessions, migrations. SQLite by default, PostgreSQL by URL."""
