"""Rules that choose as they like among what a guard leaves them, and what a bound is held against."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from allocator.domain import BAILLEUR, SANS_SOLDE, Instance
from allocator.domain.vocabulary import FLUX
from allocator.policies.accounts import accounts
from allocator.policies.guard import Watch, build_guard
from allocator.policies.lookahead.pairs import Classes, build_pairs
from allocator.policies.lookahead.world import build_world
from allocator.policies.replaying.replay import Replay
from allocator.policies.situation import Chooser, Frame, Ints, Policy, Situation

Like = Callable[[list[int]], int | None]
"""Picks one of some réservataires, or none of them: the bailleur."""


def at_random(rng: random.Random) -> Like:
    """Give to anybody, or to nobody one time in three."""
    return lambda holders: rng.choice(holders) if rng.random() < 2 / 3 else None


def first(holders: list[int]) -> int | None:
    """Give everything to the first of the file."""
    return holders[0]


def nobody(holders: list[int]) -> int | None:  # noqa: ARG001
    """Keep everything."""
    return None


def whim(like: Like) -> Policy:
    """Return the rule that follows a liking, and a guard where it must."""

    def policy(frame: Frame) -> Chooser:
        world = build_world(frame)
        guard = build_guard(world)

        def choose(situation: Situation) -> Ints:
            today = situation.today
            classes = Classes(today.commune, today.typologie, today.financement, today.qpv)
            pairs = build_pairs(world, classes, situation.barred)
            account = accounts(frame, situation)
            watch = Watch(guard, situation, account)
            counted = np.concatenate([account.counted, account.used[world.solde_row]])
            chosen = np.full(len(today), BAILLEUR, dtype=np.int32)
            for entry in range(len(today)):
                choices, must = watch.choices(pairs, entry, counted)
                open_to = {int(pairs.holder[pair]): pair for pair in choices}
                liked = like(list(open_to)) if open_to else None
                if liked is None and must:
                    liked = next(iter(open_to))
                if liked is not None:
                    pair = open_to[liked]
                    counted[pairs.row[pairs.start[pair] : pairs.start[pair + 1]]] += 1
                    chosen[entry] = liked
            return chosen

        return choose

    return policy


@dataclass(frozen=True)
class Beyond:
    """A cell beyond a bound at the end of a day: by how much its count is off, and whether rights were left."""

    convention: int
    day: np.datetime64
    gap: float
    rights_left: bool


def beyond(instance: Instance, result: Replay, bound: float) -> list[Beyond]:
    """Return every simple cell beyond a bound at the end of each day of libérations, in plain loops."""
    libs, conventions, places = instance.liberations, instance.conventions, instance.territoires
    flux = [row for row in range(len(libs)) if libs.statut[row] == FLUX]
    held = dict(zip(flux, result.decided.tolist(), strict=True))
    flux.sort(key=lambda row: libs.date[row])
    columns = {"commune": places.commune, "epci": places.epci, "departement": places.departement}
    found = []
    for row in range(len(conventions)):
        if np.isnan(conventions.part[row]) or conventions.report[row] != 0:
            continue
        kind, code = conventions.territoire[row].split(":")
        inside = {commune for commune, value in enumerate(columns[kind]) if value == code}
        for cell in (
            [inside] if conventions.niveau[row] == "territoire" else [{commune} for commune in inside]
        ):
            used, gap = 0, 0.0
            for place, lib in enumerate(flux):
                received = held[lib] == conventions.reservataire[row]
                used += received and int(libs.commune[lib]) in inside
                if int(libs.commune[lib]) in cell:
                    gap += received - conventions.part[row] / 100
                last = place + 1 == len(flux) or libs.date[flux[place + 1]] > libs.date[lib]
                if last and abs(gap) > bound + 1e-9:
                    left = conventions.solde[row] == SANS_SOLDE or used < conventions.solde[row]
                    found.append(Beyond(row, libs.date[lib], float(gap), bool(left)))
    return found
