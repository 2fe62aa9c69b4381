"""Webhooks of processes that are killed, on both databases."""

from groundswell.bench.webhook_crash import crash


def test_nothing_is_lost_when_processes_are_killed(database_url: str) -> None:
    found = crash(database_url, kills=5)
    assert found.problems == []
    assert found.published > 5
