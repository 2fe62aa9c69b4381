"""Without the extra ``bench`` there is nothing to test here; ``make setup`` installs it."""

from importlib.util import find_spec

from groundswell.bench.judges import JUDGES

collect_ignore_glob = [] if all(map(find_spec, JUDGES.values())) else ["test_*.py"]
