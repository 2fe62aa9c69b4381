"""Rates and slots, in memory and in Redis; and what happens when Redis is gone."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from groundswell.accounts.limits import Limits
from groundswell.accounts.slots import Pool
from groundswell.bench.backends import run_redis
from groundswell.errors import InvalidInput, LimitsUnavailable, TooBusy

POOL = Pool("groundswell:{a}:tts:account", 2)
SMALL = Pool("groundswell:{a}:tts:key", 1)


@pytest.fixture
def limits(limits_url: str | None) -> Iterator[Limits]:
    limits = Limits(limits_url)
    yield limits
    limits.close()


def test_a_rate_is_exact_when_threads_meet(limits: Limits) -> None:
    def ask(_: int) -> bool:
        try:
            limits.count("key", 40)
        except TooBusy:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(ask, range(200))) == 40


def test_a_rate_says_what_is_left_and_when_to_come_back(limits: Limits) -> None:
    first = limits.count("key", 2)
    assert (first.limit, first.remaining) == (2, 1)
    assert time.time() + 55 < first.reset < time.time() + 61
    assert limits.count("key", 2).remaining == 0
    with pytest.raises(TooBusy, match="2 requests per minute") as refusal:
        limits.count("key", 2)
    assert refusal.value.limit == 2
    assert 50 < refusal.value.retry_after <= 60


def test_keys_do_not_share_a_rate(limits: Limits) -> None:
    limits.count("one", 1)
    limits.count("two", 1)


def test_a_rate_of_zero_lets_nothing_through(limits: Limits) -> None:
    with pytest.raises(TooBusy):
        limits.count("key", 0)


def test_slots_are_as_many_as_there_are(limits: Limits) -> None:
    limits.hold([POOL], "a")
    limits.hold([POOL], "b")
    with pytest.raises(TooBusy, match="Concurrency limit reached") as refusal:
        limits.hold([POOL], "c")
    assert refusal.value.limit == 2
    limits.give_back([(POOL, "a")])
    limits.hold([POOL], "c")


def test_a_full_pool_leaves_the_others_alone(limits: Limits) -> None:
    limits.hold([POOL, SMALL], "a")
    for lease in "bcd":
        with pytest.raises(TooBusy):
            limits.hold([POOL, SMALL], lease)
    limits.hold([POOL], "e")
    with pytest.raises(TooBusy):
        limits.hold([POOL], "f")


def test_nodes_share_slots_and_rates(redis_url: str) -> None:
    here, there = Limits(redis_url), Limits(redis_url)
    here.hold([POOL], "a")
    there.hold([POOL], "b")
    with pytest.raises(TooBusy):
        here.hold([POOL], "c")
    here.count("key", 1)
    with pytest.raises(TooBusy):
        there.count("key", 1)


def test_slots_of_a_dead_node_come_back(redis_url: str) -> None:
    dead = Limits(redis_url, lease=timedelta(seconds=2))
    alive = Limits(redis_url, lease=timedelta(seconds=2))
    dead.hold([POOL], "dead")
    alive.hold([POOL], "alive")
    limit = time.monotonic() + 30
    while True:
        alive.renew([(POOL, "alive")])
        try:
            alive.hold([POOL], "next")
            break
        except TooBusy:
            assert time.monotonic() < limit
            time.sleep(0.2)
    with pytest.raises(TooBusy):
        alive.hold([POOL], "one too many")


def test_without_redis_open_goes_on_alone(folder: str) -> None:
    with run_redis(folder) as url:
        limits = Limits(url, on_failure="open")
        limits.hold([POOL], "a")
        assert limits.answers()
    assert not limits.answers()
    # This node's own limits still hold.
    limits.hold([POOL], "b")
    limits.hold([POOL], "c")
    with pytest.raises(TooBusy):
        limits.hold([POOL], "d")
    limits.count("key", 1)
    with pytest.raises(TooBusy):
        limits.count("key", 1)
    limits.give_back([(POOL, "b")])


def test_without_redis_closed_refuses(folder: str) -> None:
    with run_redis(folder) as url:
        limits = Limits(url, on_failure="closed")
        limits.hold([POOL], "a")
    with pytest.raises(LimitsUnavailable):
        limits.hold([POOL], "b")
    with pytest.raises(LimitsUnavailable):
        limits.count("key", 5)
    limits.hold([], "nothing is limited")


def test_a_redis_that_comes_back_empty_learns_what_is_held(folder: str) -> None:
    with run_redis(folder) as url:
        limits = Limits(url)
        limits.hold([POOL], "a")
    limits.hold([POOL], "b")
    with run_redis(folder):
        limit = time.monotonic() + 30
        while True:
            limits.renew([(POOL, "a"), (POOL, "b")])
            try:
                Limits(url).hold([POOL], "c")
            except TooBusy:
                break
            assert time.monotonic() < limit
            Limits(url).give_back([(POOL, "c")])
            time.sleep(0.1)
        limits.close()


@pytest.mark.parametrize("url", ["nonsense", "http://localhost", ""])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="GROUNDSWELL_REDIS_URL"):
        Limits(url)
