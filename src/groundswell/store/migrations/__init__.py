"""Alembic migrations; run on opening the database."""
