"""Jobs whose workers are killed end once all the same (``groundswell bench jobs`` does many)."""

from groundswell.bench.job_crash import crash


def test_jobs_survive_kills(database_url: str) -> None:
    found = crash(database_url, kills=3)
    assert found.killed == 3
    assert found.problems == []
