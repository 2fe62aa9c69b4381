"""The table of pronunciation dictionaries."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from groundswell.store.tables import Base, UtcDateTime


class PronunciationDictionary(Base):
    """A list of words and how to say them."""

    __tablename__ = "pronunciation_dictionaries"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    version: Mapped[int]
    """Goes up by one with every change of the items."""
    items: Mapped[list[list[str]]] = mapped_column(JSON)
    """Word and pronunciation, in the order given."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
