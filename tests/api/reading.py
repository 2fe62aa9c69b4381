"""Clients of an application in this process, on the database of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient

from groundswell.accounts.keys import Keys
from groundswell.api.app import create_app
from groundswell.api.services import Services
from groundswell.settings import Settings
from groundswell.store.database import Database


@contextmanager
def client_of(database: Database, account: str) -> Iterator[TestClient]:
    """A client with a key of the account; no model is loaded."""
    keys = Keys(database)
    key, _ = keys.create("reader", account=account)
    running = Services(Settings(), database, keys)
    headers = {"Authorization": f"Bearer {key}"}
    yield TestClient(create_app(running), headers=headers, raise_server_exceptions=False)
    running.usage.close()
