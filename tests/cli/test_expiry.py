"""``groundswell usage``."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from tests.accounts.entries import NOON, speech, write
from tests.cli.test_commands import invoke

from groundswell.accounts.accounts import Accounts
from groundswell.store.database import Database
from groundswell.store.history import SpeechEntry


def test_expired_text_is_erased_by_command(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'groundswell.db'}")
    database.migrate()
    account = Accounts(database).create("one").id
    later = datetime.now(UTC) + timedelta(days=1)
    due = {"request_id": "due", "text": "very private", "expires_at": NOON}
    write(database, speech(account, NOON, **due), speech(account, expires_at=later))
    done = invoke("usage", "expire", data_dir=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Erased the text of 1 log entries.\n")
    with database.read() as session:
        texts = dict(session.execute(select(SpeechEntry.request_id, SpeechEntry.text)).all())
    database.close()
    assert texts == {"due": "", "r-1": "Hello."}
