"""The load generator against a real server, for a few seconds; and its arithmetic."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.live import LiveServer

from groundswell.bench import concurrency, latency, report, soak
from groundswell.bench.crowd import MAX_LAG, Crowd, Run, Stream, Target, crowd, trust
from groundswell.bench.listener_worker import Heard, Listener
from groundswell.bench.plots import distribution, timeline
from groundswell.bench.residents import MAX_SECONDS, residents
from groundswell.bench.subject import Subject
from groundswell.settings import Settings

TEXT = "The library opens late on Mondays, but the garden behind it is never locked."


@pytest.fixture(scope="module")
def listeners() -> Iterator[Crowd]:
    with crowd() as started:
        yield started


@pytest.fixture
def ours(server: LiveServer) -> Target:
    return Target("ours", server.url, server.key)


def stream(*arrivals: tuple[float, float], finished: bool = True) -> Stream:
    return Stream(Listener(0, TEXT, "af_heart"), Heard(0.5, 0.1, list(arrivals), finished=finished))


def run(*streams: Stream, lag: float = 0.001) -> Run:
    return Run(streams, lag, lag, 0.1, 10.0)


def test_two_listen_to_the_end_and_to_a_moment(listeners: Crowd, ours: Target) -> None:
    heard = listeners.listen(
        ours, [Listener(0.0, TEXT, "af_heart"), Listener(0.2, TEXT, "am_michael", hears=1.0)]
    )
    whole, moment = heard.streams
    assert whole.heard.finished
    assert moment.heard.finished
    assert 3 < whole.player.delivered < 8
    assert 1 <= moment.player.delivered < whole.player.delivered
    for found in heard.streams:
        assert found.first_audio is not None
        assert 0 < found.first_audio < heard.seconds
        assert found.heard.connecting > 0
    assert 0 < heard.lag_p99 <= heard.lag_worst
    assert moment.heard.asked >= 0.2


def test_a_refusal_is_noted(listeners: Crowd, ours: Target) -> None:
    found = listeners.listen(ours, [Listener(0.0, TEXT, "no_such_voice")]).streams[0]
    assert found.heard.error
    assert not found.flawless
    closed = listeners.listen(Target("nobody", ours.url, "sk_wrong"), [Listener(0, TEXT, "magnus")])
    assert closed.streams[0].heard.error == "HTTP 401"


def test_a_run_ends_when_its_time_is_over(listeners: Crowd, ours: Target) -> None:
    ended = listeners.listen(ours, [Listener(30.0, TEXT, "magnus")], seconds=0.5)
    assert ended.seconds < 5
    assert not ended.streams[0].heard.finished


def test_a_run_ends_at_what_decides_it(listeners: Crowd, ours: Target) -> None:
    ended = listeners.listen(
        ours,
        [Listener(0.0, TEXT, "no_such_voice"), Listener(30.0, TEXT, "magnus")],
        until_gap=True,
    )
    assert ended.seconds < 20
    assert not ended.flawless


def test_capacity_newcomers_and_plots_of_a_short_run(
    server: LiveServer, listeners: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundswell.bench.capacity.BATCH_SECONDS", 3.0)
    subject = Subject(server.url, server.key, server.process.pid)
    section = concurrency.measure(subject, listeners, seconds=3)
    assert section.data["limit"] > 0
    assert 0 <= section.data["count"] <= 2 * section.data["limit"] + 1
    assert section.data["trials"]
    assert section.data["newcomers"]["streams"]
    for plot in section.plots:
        ET.fromstring(plot.svg)


def test_a_soak_leaves_nothing_behind(server: LiveServer) -> None:
    subject = Subject(server.url, server.key, server.process.pid)
    section = soak.measure(subject, requests=6)
    assert section.data["failures"] == []
    assert section.data["left"] == {}
    assert sum(section.data["outcomes"].values()) == 6
    assert next(v for v in section.verdicts if "before and after" in v.claim).met


def test_only_a_stream_that_was_heard_whole_is_flawless() -> None:
    assert stream((1.0, 1.0), (1.5, 1.0)).flawless
    assert stream((1.0, 1.0), (1.5, 1.0)).first_audio == 0.5
    assert not stream((1.0, 1.0), (2.5, 1.0)).flawless
    assert not stream((1.0, 1.0), finished=False).flawless
    assert not stream().flawless


def test_a_client_that_was_late_is_not_trusted() -> None:
    assert trust([run(stream((1.0, 1.0)))]).met
    late = trust([run(stream((1.0, 1.0))), run(stream((1.0, 1.0)), lag=MAX_LAG * 1.1)])
    assert not late.met
    assert "NOT TO BE TRUSTED" in late.measured


def test_residents_have_enough_to_hear_and_no_text_is_too_long() -> None:
    crowded = residents(12, MAX_SECONDS)
    assert max(len(one.text) for one in crowded) <= Settings().max_text_chars
    assert len({one.text[:60] for one in crowded}) == 12
    assert [one.starts for one in crowded] == sorted({one.starts for one in crowded})


def test_mixed_texts_are_mixed_and_always_the_same() -> None:
    texts = latency.mixed(50)
    assert texts == latency.mixed(50)
    assert min(map(len, texts)) < 20
    assert max(map(len, texts)) > 250


def test_the_time_line_shows_gaps_and_waiting() -> None:
    plot = timeline(
        "streams", "Three & more", {"fine": stream((1.0, 5.0)), "torn": stream((1.0, 1.0), (4, 2))}
    )
    fine, torn = plot.text.splitlines()[1:3]
    assert "X" not in fine
    assert "X" in torn
    assert "░" in fine
    svg = ET.fromstring(plot.svg)
    colors = [entry.get("fill") for entry in svg.iter("{http://www.w3.org/2000/svg}rect")]
    assert colors.count("#d1242f") == 2  # the gap and the legend


def test_a_stream_that_was_never_heard_can_be_drawn() -> None:
    assert ET.fromstring(timeline("streams", "None", {"silent": stream()}).svg) is not None


def test_the_distribution_marks_median_and_tail() -> None:
    plot = distribution("first-audio", "First audio", {"a": [0.1, 0.2, 0.3], "b": []})
    assert "0.20 s, 95 % 0.29 s" in plot.text
    circles = ET.fromstring(plot.svg).iter("{http://www.w3.org/2000/svg}circle")
    assert len(list(circles)) == 3


def test_plots_are_written_and_shown(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from groundswell.bench.machine import Machine
    from groundswell.bench.tables import Section

    page = tmp_path / "performance.md"
    page.write_text("<!-- bench:latency -->\n<!-- /bench -->\n")
    plot = distribution("first-audio", "First audio", {"a": [0.1]})
    machine = Machine("A processor", 2, 8.0, "Linux", "3.11", "0.1", "1.20", "int8", 2, 0.1, "abc")
    now = datetime(2026, 5, 4, tzinfo=UTC)
    report.write_docs([Section("latency", (), (), {}, (plot,))], machine, "bench", tmp_path, now)
    assert "![First audio](plots/first-audio.svg)" in page.read_text()
    assert "0.1 (abc)" in page.read_text()
    assert (tmp_path / "plots" / "first-audio.svg").read_text() == plot.svg
