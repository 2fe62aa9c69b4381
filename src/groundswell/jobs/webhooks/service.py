"""The webhooks of one deployment, put together from its settings."""

from collections.abc import Callable
from datetime import timedelta

from groundswell.jobs.webhooks.addresses import check_url
from groundswell.jobs.webhooks.deliveries import Deliveries
from groundswell.jobs.webhooks.endpoints import Endpoints
from groundswell.jobs.webhooks.sealing import Seal
from groundswell.jobs.webhooks.sender import Sender
from groundswell.jobs.webhooks.tracking import Tracking
from groundswell.jobs.webhooks.worker import DeliveryWorker
from groundswell.settings import Settings
from groundswell.store.database import Database


class Webhooks:
    """Endpoints, what became of deliveries, and the worker of this process.

    Args:
        database: where all of it is kept.
        settings: of the deployment.
        listened_to: whether speech is being delivered by this process.

    Attributes:
        endpoints: who wants to hear of what.
        tracking: what became of it.
        worker: delivers, once it is started.
    """

    def __init__(
        self, database: Database, settings: Settings, *, listened_to: Callable[[], bool]
    ) -> None:
        key = settings.object_key
        seal = Seal(key.get_secret_value() if key is not None else None)
        self._allow_private = settings.webhook_allow_private
        self.endpoints = Endpoints(database, seal)
        self.tracking = Tracking(database)
        self.worker = DeliveryWorker(
            Deliveries(
                database,
                first_pause=settings.webhook_retry_seconds,
                patience=timedelta(hours=settings.webhook_disable_hours),
            ),
            lambda: Sender(
                allow_private=settings.webhook_allow_private,
                connections=settings.webhook_concurrency,
            ),
            seal,
            concurrency=settings.webhook_concurrency,
            retention=timedelta(days=settings.webhook_retention_days),
            listened_to=listened_to,
        )

    async def check_url(self, url: str, *, field: str = "url") -> None:
        """Refuse a URL that webhooks may not go to.

        Raises:
            InvalidInput: says why, and names the field.
        """
        await check_url(url, allow_private=self._allow_private, field=field)
