"""What the tables of daily rules say below them."""

from typing import Final

from allocator.cli.simulate_report import BASELINE

NOTES: Final = (
    f"closed: share of the gap from a rule to hindsight that another closes, mean of the years with a gap; in "
    f"brackets its 95 % bootstrap interval over years (10 000 resamples, fixed seed). pooled: dwellings gained over "
    f"dwellings to gain, all years together. A dash: hindsight is no better than {BASELINE} in that tier.",
    "A tier in which every rule does as well as hindsight has no line.",
    "no worse, better: years in which the tier's value is so, as the contract compares values (1e-6).",
    "1 − (D − D*)/n: the field's own measure; D is the tier's value, D* hindsight's, n the flux libérations.",
    "small promises: those of at least one dwelling that hindsight keeps. Due a month before: already as large by the "
    "libérations known 30 days before the end.",
    "prefix: deviation from pro-rata at the end of each day, in dwellings (file contract, section 5): mean over years "
    "of each year's largest, the largest of all, mean over cells and days.",
    "ms a day: mean over years of the median and of the 99th percentile of the days on which the rule was asked.",
    "size: libérations drawn, all statuts; about four in five are in the flux. The years were not used to choose any "
    "setting of a rule.",
)

WRONG_NOTES: Final = (
    "volume-30, volume+30: the historique has 0.7 and 1.3 times its libérations. mix: its traits are those of another "
    "territory (75 and 92). elsewhere: it is another territory's, communes taken for ours. none: there is none. "
    "emptied: a building, 3 % of the year's flux, comes free in the week after mid-year. late: where most is "
    "released, what would come from April to September comes a quarter later.",
)

DISTURBED_NOTES: Final = (
    "overrides: each proposal is changed with probability 0.1 to another réservataire that may receive the dwelling, "
    "the same dwellings whatever the rule. refusals: outcomes are drawn by the shipped rates (`aleas.toml`), two turns "
    "a dwelling. both: both.",
    "Hindsight is of a year where all is accepted: a bound that no rule can reach. Tiers count who has each dwelling "
    "on the last day, while the rules steer what the model's `[comptage]` counts: *accounts off* is the sum of the "
    "differences between what is due and what is counted, in dwellings.",
)

GROWTH_NOTES: Final = (
    "wider: a commune for each 50 libérations, with their réservataires and promises, in five départements: cells grow "
    "with the year, so what is lost grows with it however well each cell is served. longer: the same bailleur, its "
    "libérations sampled, volumes and reports shrunk with them: only the year's length changes, which is what theory "
    "speaks of. There, a tier in relative units counts the same dwelling for less the larger the targets are.",
    "slope: log–log fit through the mean extra of each size; in brackets its 95 % bootstrap interval over seeds. 0.5 "
    "is the square root, 1 proportional. A dash: at some size the rule has nothing over hindsight, as happens in a "
    "tier whose earlier ones were worse served.",
)
