import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundswell.bench import report
from groundswell.bench.judges import BenchFailed
from groundswell.bench.machine import Machine
from groundswell.bench.tables import Section, Table, Verdict

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
MACHINE = Machine(
    "A processor", 2, 8.0, "Linux", "3.11", "0.1", "1.20", "Kokoro-82M int8", 2, load_before=0.1
)
SECTION = Section(
    "cost",
    (Table("Stages", ("Stage", "ms"), (("plan | words", "1.5"),)),),
    (Verdict("Overhead", "3 %", "≤ 5 %", met=True),),
    {"rounds": 1},
)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    page = "# Performance\n\n<!-- bench:cost -->\nold\n<!-- /bench -->\n\nafter\n"
    (tmp_path / "performance.md").write_text(page)
    return tmp_path


def test_the_marked_place_is_refilled(docs: Path) -> None:
    for _ in range(2):  # twice gives the same page
        report.write_docs([SECTION], MACHINE, "groundswell bench cost", docs, NOW)
    page = (docs / "performance.md").read_text()
    assert page.startswith(
        "# Performance\n\n<!-- bench:cost -->\n2026-05-04, `groundswell bench cost`"
    )
    assert page.endswith("<!-- /bench -->\n\nafter\n")
    assert "old" not in page
    assert page.count("| Overhead | 3 % | ≤ 5 % | met |") == 1
    assert "plan \\| words" in page
    assert "2 cores of A processor, 8 GiB" in page


def test_a_missing_mark_is_named(docs: Path) -> None:
    with pytest.raises(BenchFailed, match="bench:memory"):
        report.write_docs(
            [Section("memory", (), ())], MACHINE, "groundswell bench memory", docs, NOW
        )


def test_a_mark_without_end_is_named() -> None:
    with pytest.raises(BenchFailed, match="/bench"):
        report.fill("<!-- bench:cost -->\n", "cost", "new")


def test_the_json_holds_conditions_and_results(tmp_path: Path) -> None:
    judged = pytest.MonkeyPatch()
    with judged.context() as patch:
        patch.setattr(report, "versions", dict)
        file = report.save([SECTION], MACHINE, "groundswell bench cost", tmp_path / "new", NOW)
    assert file.name == "2026-05-04T030201-cost-2cores.json"
    document = json.loads(file.read_text())
    assert document["machine"]["cores"] == 2
    assert document["sections"]["cost"]["verdicts"][0]["met"] is True


def test_a_busy_machine_is_told() -> None:
    assert not MACHINE.busy
    assert "busy" not in str(MACHINE)


def test_every_section_has_its_place_in_our_docs() -> None:
    pages = "".join(page.read_text("utf-8") for page in Path("docs").glob("*.md"))
    load = ("latency", "concurrency", "throughput", "stream-memory", "soak")
    for name in ("quality", "loudness", "cost", "memory", "streaming", *load):
        report.fill(pages, name, "")
