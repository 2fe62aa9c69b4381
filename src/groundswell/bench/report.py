"""What a run leaves behind: a JSON file, and fresh tables in the marked places of the docs."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from groundswell.bench.judges import BenchFailed, versions
from groundswell.bench.machine import Machine
from groundswell.bench.tables import Section

PLOTS = "plots"
_END = "<!-- /bench -->"


def save(
    sections: list[Section], machine: Machine, command: str, folder: Path, now: datetime
) -> Path:
    """Write the results as JSON, and the plots beside it; returns the JSON file."""
    folder.mkdir(parents=True, exist_ok=True)
    names = "-".join(section.name for section in sections)
    file = folder / f"{now:%Y-%m-%dT%H%M%S}-{names}-{machine.cores}cores.json"
    document = {
        "date": now.isoformat(timespec="seconds"),
        "command": command,
        "machine": machine.data(),
        "judges": versions(),
        "sections": {
            section.name: {
                "verdicts": [
                    {"claim": v.claim, "measured": v.measured, "target": v.target, "met": v.met}
                    for v in section.verdicts
                ],
                "data": section.data,
            }
            for section in sections
        },
    }
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for plot in (plot for section in sections for plot in section.plots):
        file.with_name(f"{file.stem}-{plot.name}.svg").write_text(plot.svg, "utf-8")
    return file


def write_docs(
    sections: list[Section], machine: Machine, command: str, folder: Path, now: datetime
) -> list[Path]:
    """Put each section into the marked place of the pages in ``folder``, plots into ``plots/``.

    Returns:
        The files that changed.

    Raises:
        BenchFailed: no page has a place for a section.
    """
    changed: list[Path] = []
    for section in sections:
        pages = [
            p for p in sorted(folder.glob("*.md")) if _start(section.name) in p.read_text("utf-8")
        ]
        if not pages:
            raise BenchFailed(f"No page in {folder} has the mark {_start(section.name)}.")
        for page in pages:
            filled = fill(
                page.read_text("utf-8"), section.name, _body(section, machine, command, now)
            )
            page.write_text(filled, "utf-8")
            changed.append(page)
        for plot in section.plots:
            picture = folder / PLOTS / f"{plot.name}.svg"
            picture.parent.mkdir(exist_ok=True)
            picture.write_text(plot.svg, "utf-8")
            changed.append(picture)
    return list(dict.fromkeys(changed))


def fill(page: str, name: str, body: str) -> str:
    """Replace what stands between a section's mark and the next end mark.

    Raises:
        BenchFailed: the mark has no end.
    """
    pattern = re.compile(re.escape(_start(name)) + ".*?" + re.escape(_END), re.DOTALL)
    filled, count = pattern.subn(lambda _: f"{_start(name)}\n{body}\n{_END}", page)
    if not count:
        raise BenchFailed(f"{_start(name)} has no {_END} after it.")
    return filled


def today() -> datetime:
    """The time of a run."""
    return datetime.now(UTC)


def _start(name: str) -> str:
    return f"<!-- bench:{name} -->"


def _body(section: Section, machine: Machine, command: str, now: datetime) -> str:
    shown = [table.markdown() for table in section.all_tables()]
    shown += [f"![{plot.title}]({PLOTS}/{plot.name}.svg)" for plot in section.plots]
    return "\n\n".join([f"{now:%Y-%m-%d}, `{command}`: {machine}.", *shown])
