"""What the rows say of more cores and of more photos: a section of RESULTS.md."""

from tests.benchmarks.measure import Row

MORE_CORES = (8, 64)  # calculated
HEAD = "## As work grows\n"
CORES = """Photos per second, where one core is 1. What is measured is the speed on all cores of this machine. What is
calculated assumes Amdahl's law: a share of the work waits for one core, as large a share as explains what was measured.
That is a low estimate, since two cores may also share a clock or a cache. At most, as many cores are as many times as
fast. The disk and the memory keep up. From the lowest and the highest ratio that were measured.
"""
MEMORY = """
Bytes of a photo that is kept: extra peak memory of 128 x 128 pixels, or mean size on disk.
"""


def times_as_fast(ratio: float, cores: int, more: int) -> float:
    """On `more` cores as on one, by Amdahl's law, where it is `ratio` on `cores`.

    >>> round(times_as_fast(1.8, 2, 8), 1)
    4.5
    """
    share = min(1, max(0, (cores / ratio - 1) / (cores - 1)))
    return 1 / (share + (1 - share) / more)


def section(rows: list[Row]) -> list[str]:
    """Its lines, each table only if there are rows for it."""
    by_cores, by_memory = [row for row in rows if row.cores], [row for row in rows if row.photo]
    lines = []
    for row in by_cores:
        calculated = [sorted(times_as_fast(ratio, row.cores, more) for ratio in row.ratios) for more in MORE_CORES]
        ranges = [f"{values[0]:.3g} to {values[-1]:.3g}" for values in (sorted(row.ratios), *calculated)]
        lines.append(f"| {name_of(row)} | 1 | {' | '.join(ranges)} |")
    if lines:
        columns = [f"{by_cores[0].cores}, measured", *(f"{more}, calculated" for more in MORE_CORES)]
        lines[:0] = [CORES, f"| Cores | 1 | {' | '.join(columns)} |", "|---|---|---|---|---|"]
    if by_memory:
        lines += [MEMORY, "| Kept | Bytes |", "|---|---|"]
        lines += [f"| {name_of(row)} | {row.median * row.photo:,.0f} |" for row in by_memory]
    return [HEAD, *lines, ""] if lines else []


def name_of(row: Row) -> str:
    return row.what.partition(":")[0].capitalize()
