import mmap
from pathlib import Path

from groundswell.memory import release_file, release_freed, share_heaps


def _resident_kb(path: Path) -> int:
    lines = Path("/proc/self/smaps").read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.endswith(f" {path}"))
    return next(int(line.split()[1]) for line in lines[at:] if line.startswith("Rss:"))


def test_a_released_file_leaves_memory_and_can_still_be_read(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    content = bytes(range(256)) * 4096
    path.write_bytes(content)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert mapped[:] == content
        assert _resident_kb(path) == 1024
        link = tmp_path / "link.bin"
        link.symlink_to(path)
        release_file(link)
        assert _resident_kb(path) == 0
        assert mapped[:] == content


def test_a_file_that_is_not_mapped_is_nothing_to_release(tmp_path: Path) -> None:
    release_file(tmp_path / "never.bin")


def test_asking_the_c_library_is_harmless() -> None:
    share_heaps()
    release_freed()
