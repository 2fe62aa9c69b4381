"""Limits that many meet at once, and books whose processes are killed; with real servers."""

from collections.abc import Callable

from groundswell.bench.backends import Backend
from groundswell.bench.crash import crash
from groundswell.bench.exactness import ASKED, COVERED, Exactness, exactness

KINDS = 4


def assert_exact(found: list[Exactness]) -> None:
    assert [(one.what, one.asked, one.admitted) for one in found] == [
        (one.what, ASKED, COVERED) for one in found
    ]
    assert len(found) == KINDS


def test_a_node_admits_exactly_what_there_is_room_for(database_url: str) -> None:
    assert_exact(exactness(Backend("one node", database_url), processes=1))


def test_three_nodes_admit_exactly_what_there_is_room_for(
    new_postgresql_url: Callable[[], str], redis_url: str
) -> None:
    backend = Backend("three nodes", new_postgresql_url(), redis_url)
    assert_exact(exactness(backend, processes=3))


def test_no_kill_makes_or_loses_a_credit(database_url: str) -> None:
    found = crash(database_url, kills=40)  # a hundred in 'bench accounts'
    assert found.problems == []
    assert found.killed >= 40
    assert found.answered > 40
    assert found.abandoned > 0
