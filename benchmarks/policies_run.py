"""The cases of a benchmark, run in processes of their own and written down one by one."""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from pathlib import Path
from time import perf_counter

from allocator.cli.arguments import resolve_model
from allocator.formats import read_model
from allocator.policies.catalogue import POLICIES, load
from benchmarks.policies_measure import measure_case
from benchmarks.policies_rows import Case, Row, Rows, columns, digest


def rows_of(
    cases: Sequence[Case], out: Path, jobs: int, again: Iterable[str], tell: Callable[[str], None]
) -> list[Row]:
    """Run the cases that ``OUT.csv`` does not have yet, and return the rows of all that it then has.

    ``again`` names rules whose rows among the cases are dropped and measured anew. ``jobs`` is the number of
    processes; with 0 nothing is run. All cases have the same model.
    """
    kept = Rows(out, columns(read_model(resolve_model(cases[0].model))))
    asked, redone = set(cases), set(again)
    if redone:
        kept.drop(lambda case: case in asked and case.policy in redone)
    known = {row.case for row in kept.read()}
    missing = [case for case in cases if case not in known]
    if jobs and missing:
        _run(missing, kept, jobs, tell)
    found = {row.case: row for row in kept.read()}
    return [found[case] for case in cases if case in found]


def _run(missing: Sequence[Case], kept: Rows, jobs: int, tell: Callable[[str], None]) -> None:
    # Numeric libraries take all cores otherwise, and read this once, when they are loaded.
    os.environ["OMP_NUM_THREADS"] = "1"
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code, start = digest(), perf_counter()
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_prepare)
    try:
        futures = {pool.submit(measure_case, case): case for case in missing}
        for done, future in enumerate(as_completed(futures), start=1):
            case = futures[future]
            row = Row(case, code, future.result())
            kept.append(row)
            tell(_told(row, f"{done}/{len(missing)}", perf_counter() - start))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _prepare() -> None:
    """Make a process ready: it loads all code before the first case, and ends with who started it."""
    for name in POLICIES:
        load(name)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _told(row: Row, progress: str, seconds: float) -> str:
    case = row.case
    tiers = " / ".join(f"{value:.1f}" for value in row.tiers.values())
    return (
        f"{progress} {case.variant} {case.size} seed {case.seed} {case.policy}: {tiers} "
        f"in {row.measures['seconds']:.1f} s ({seconds:.0f} s so far)"
    )
