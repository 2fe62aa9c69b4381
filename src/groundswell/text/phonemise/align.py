"""Which phonemes of a clause belong to which typed word, when their numbers differ.

espeak reads "1999" as several words and merges others ("of the"), so a word's own reading is laid
beside the clause's by a banded edit distance.
"""

_BAND = 24
_FAR = 1 << 20


def align(spoken: str, alone: list[str]) -> list[str]:
    """Cut ``spoken`` into one share per word, nothing lost, order kept.

    Args:
        spoken: phonemes of the whole clause, words separated by spaces.
        alone: phonemes of each word read by itself; empty for a word that says nothing.

    Returns:
        shares, stripped; a word that says something has a non-empty one whenever there are
        enough phonemes to go round.

    """
    speakers = [at for at, own in enumerate(alone) if own.strip()]
    if not speakers:
        return [spoken, *[""] * (len(alone) - 1)]
    joined = "".join(alone[at].replace(" ", "") for at in speakers)
    flat = [at for at, symbol in enumerate(spoken) if symbol != " "]
    target = [spoken[at] for at in flat]
    matched = _matched(joined, target)
    cuts: list[int] = [0]
    offset = 0
    for at in speakers[:-1]:
        offset += len(alone[at].replace(" ", ""))
        cuts.append(matched[offset])
    cuts.append(len(target))
    _spread(cuts, len(target))
    shares = [""] * len(alone)
    for word, begin, stop in zip(speakers, cuts[:-1], cuts[1:], strict=True):
        left = flat[begin] if begin < len(flat) else len(spoken)
        right = flat[stop] if stop < len(flat) else len(spoken)
        shares[word] = spoken[left:right].strip()
    return shares


def _spread(cuts: list[int], size: int) -> None:
    """Give every share at least one phoneme, as far as they go."""
    for at in range(1, len(cuts) - 1):
        cuts[at] = min(max(cuts[at], cuts[at - 1] + 1), size)
    for at in range(len(cuts) - 2, 0, -1):
        cuts[at] = max(min(cuts[at], cuts[at + 1] - 1), min(at, size))


def _matched(source: str, target: list[str]) -> list[int]:
    """For each prefix of ``source`` the length of the prefix of ``target`` it lines up with."""
    rows, columns = len(source) + 1, len(target) + 1
    width = 2 * _BAND + 1
    slope = (columns - 1) / max(rows - 1, 1)
    lows = [max(0, int(row * slope) - _BAND) for row in range(rows)]
    cost: list[list[int]] = []
    for row in range(rows):
        low = lows[row]
        line: list[int] = []
        for column in range(low, min(columns, low + width)):
            best = column if row == 0 else _FAR
            if row:
                above, base = cost[row - 1], lows[row - 1]
                if 0 <= column - base < len(above):
                    best = above[column - base] + 1
                if column > 0 and 0 <= column - 1 - base < len(above):
                    same = source[row - 1] == target[column - 1]
                    best = min(best, above[column - 1 - base] + (0 if same else 2))
            if line:
                best = min(best, line[-1] + 1)
            line.append(best)
        cost.append(line)
    return _traced(cost, lows, source, target)


def _traced(cost: list[list[int]], lows: list[int], source: str, target: list[str]) -> list[int]:
    matched = [0] * len(cost)
    row, column = len(cost) - 1, len(target)
    matched[row] = column
    while row:
        here = cost[row][column - lows[row]]
        above, base = cost[row - 1], lows[row - 1]
        left = column - 1 - base
        if column and 0 <= left < len(above):
            step = 0 if source[row - 1] == target[column - 1] else 2
            if above[left] + step == here:
                row, column = row - 1, column - 1
                matched[row] = column
                continue
        if 0 <= column - base < len(above) and above[column - base] + 1 == here:
            row -= 1
            matched[row] = column
            continue
        column -= 1
    return matched
