"""Random secrets that the nodes of a deployment share: made by the first that needs one."""

import secrets

from sqlalchemy.exc import IntegrityError

from groundswell.store.database import Database
from groundswell.store.tables import ServerSecret

_BYTES = 32


def server_secret(database: Database, name: str) -> bytes:
    """Return the secret of this name, 32 random bytes; always the same ones."""
    with database.read() as session:
        found = session.get(ServerSecret, name)
    if found is None:
        try:
            with database.begin() as session:
                session.add(ServerSecret(name=name, value=secrets.token_hex(_BYTES)))
        except IntegrityError:
            pass  # another node was quicker
        with database.read() as session:
            found = session.get_one(ServerSecret, name)
    return bytes.fromhex(found.value)
