"""``python -m benchmarks.peers``: one question, to the allocator and to what people would use instead."""

from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks.ours import median, model_argument
from benchmarks.outcome import Outcome
from benchmarks.peers.catalogue import PEERS, USUAL
from benchmarks.peers.process import run
from benchmarks.peers.tables import report


@click.command()
@click.argument("instances", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--model", default="reference", show_default=True, help="A model file, or a shipped one by name."
)
@click.option("--limit", default=300.0, show_default=True, help="Seconds in the solver, all tiers together.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Report to write, without suffix."
)
@click.option("--peers", default=",".join(USUAL), show_default=True, help="Which ones, separated by commas.")
@click.option("--repeat", default=5, show_default=True, help="Runs of the allocator; the median one counts.")
def main(instances: tuple[Path, ...], model: str, limit: float, out: Path, peers: str, repeat: int) -> None:
    """Solve each INSTANCE with the allocator, then with each peer, and write OUT.md, OUT.csv and OUT.svg."""
    names = [name.strip() for name in peers.split(",") if name.strip()]
    if unknown := [name for name in names if name not in PEERS]:
        raise click.UsageError(f"unknown peers: {', '.join(unknown)}; known: {', '.join(PEERS)}")
    rules = model_argument(model)
    outcomes = []
    for outcome in _runs([instance.resolve() for instance in instances], names, rules, (limit, repeat)):
        alone, whole = outcome.phases["solve"], outcome.whole
        click.echo(
            f"{outcome.instance}: {outcome.label}: {outcome.ended}, {alone:.2f} of {whole:.2f} s solving"
        )
        outcomes.append(outcome)
    report(out, Path(model).stem, limit, outcomes)
    click.echo(f"{out}.md, {out}.csv, {out}.svg")


def _runs(
    instances: list[Path], names: list[str], model: str, effort: tuple[float, int]
) -> Iterator[Outcome]:
    limit, repeat = effort
    for instance in instances:
        yield median(instance, model, limit, repeat)
        for name in names:
            yield run(name, instance, model, limit)


if __name__ == "__main__":
    main()
