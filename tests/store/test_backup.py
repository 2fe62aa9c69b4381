"""The online backup: whole and consistent while others write."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select

from groundswell.accounts.accounts import Accounts
from groundswell.accounts.credits import Ledger, Quota
from groundswell.accounts.keys import Keys
from groundswell.errors import InvalidInput
from groundswell.store.database import Database
from groundswell.store.tables import Transfer


def test_a_backup_is_consistent_while_others_write(
    new_sqlite_url: Callable[[Path], str], tmp_path: Path
) -> None:
    database = Database(new_sqlite_url(tmp_path))
    account = Accounts(database).create("acme").id
    quota = Quota(Keys(database).create("app", account=account)[1].id)
    stop, ledger = Event(), Ledger(database)

    def write() -> None:
        while not stop.is_set():
            ledger.settle(ledger.reserve(account, quota, 7), 5)

    writer = Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            database.backup(tmp_path / f"copy-{n}.db")
    finally:
        stop.set()
        writer.join()
    for n in range(5):
        copy = Database(f"sqlite:///{tmp_path / f'copy-{n}.db'}")
        balance = Ledger(copy).balance(account)
        with copy.read() as session:
            settled = session.scalars(select(Transfer.amount).where(Transfer.kind == "settle"))
            spent = sum(settled)
        assert balance.spent == spent
        assert balance.issued + balance.available + balance.reserved + balance.spent == 0
        copy.close()
    database.close()


def test_a_backup_overwrites_nothing(new_sqlite_url: Callable[[Path], str], tmp_path: Path) -> None:
    database = Database(new_sqlite_url(tmp_path))
    (tmp_path / "kept").write_text("precious")
    with pytest.raises(InvalidInput, match="exists"):
        database.backup(tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "precious"


def test_postgresql_has_its_own_tool(new_postgresql_url: Callable[[], str], tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="pg_dump"):
        Database(new_postgresql_url()).backup(tmp_path / "copy.db")
