"""Random valid instances, with all that their texts and numbers may hold."""

from datetime import date, timedelta

from hypothesis import strategies as st

from allocator.domain import SANS_SOLDE, Instance
from allocator.domain.vocabulary import FAMILLES, FINANCEMENTS, NIVEAUX, STATUTS, TYPOLOGIES, ZONES
from tests.builders import Commune, Holder, Promise, Release, Wish, make_instance

CODES = st.from_regex(r"[0-9]{2}[0-9AB][0-9]{2}(_[0-9])?", fullmatch=True)
PRINTABLE = st.characters(exclude_categories=["C", "Z"], include_characters=" ")
IDENTIFIERS = st.text(PRINTABLE, min_size=1, max_size=8).map(str.strip).filter(bool)
ANY = st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])
NAMES = st.text(ANY, min_size=1, max_size=8).map(str.strip).filter(bool)
PERCENTS = st.floats(0, 100)
DWELLINGS = st.floats(0, 1e9)


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Draw an instance; its names hold any character that a name may hold."""
    communes = draw(
        st.lists(
            st.builds(
                Commune,
                code=CODES,
                epci=CODES,
                departement=st.sampled_from(["93", "01", "2A", "971"]),
                zone=st.sampled_from(["", *ZONES]),
                tension=DWELLINGS | st.just(float("nan")),
                nom=NAMES,
            ),
            min_size=1,
            max_size=4,
            unique_by=lambda commune: commune.code,
        )
    )
    holders = draw(
        st.lists(
            st.builds(
                Holder,
                id=IDENTIFIERS,
                famille=st.sampled_from(FAMILLES),
                petit=st.sampled_from([None, True, False]),
                nom=NAMES,
            ),
            min_size=1,
            max_size=4,
            unique_by=lambda holder: holder.id,
        )
    )
    first = draw(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
    last = first + timedelta(days=draw(st.integers(0, 800)))
    releases = draw(_releases(communes, first, last))
    return make_instance(
        communes=communes,
        holders=holders,
        promises=draw(_promises(communes, holders)),
        wishes=draw(_wishes(holders)),
        releases=releases,
        historique=draw(st.none() | _releases(communes, date(1800, 1, 1), first - timedelta(days=1))),
        debut=first,
        fin=last,
        complements=draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "construction": _column(st.integers(1000, 2999).map(str), len(releases)),
                    "surface": _column(st.floats(0, 999).map(repr), len(releases)),
                    "adresse": _column(NAMES, len(releases)),
                },
            )
        ),
    )


def _column(texts: st.SearchStrategy[str], length: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts | st.just(""), min_size=length, max_size=length)


def _releases(communes: list[Commune], first: date, last: date) -> st.SearchStrategy[list[Release]]:
    release = st.builds(
        Release,
        commune=st.sampled_from([commune.code for commune in communes]),
        typologie=st.sampled_from(TYPOLOGIES),
        financement=st.sampled_from(FINANCEMENTS),
        qpv=st.sampled_from(["oui", "non"]),
        statut=st.sampled_from(STATUTS),
        day=st.dates(first, last),
        id=IDENTIFIERS,
    )
    return st.lists(release, max_size=6, unique_by=lambda release: release.id)


def _promises(communes: list[Commune], holders: list[Holder]) -> st.SearchStrategy[list[Promise]]:
    places = {
        f"{scale}:{code}"
        for c in communes
        for scale, code in zip(
            ("commune", "epci", "departement"), (c.code, c.epci, c.departement), strict=True
        )
    }
    common = {
        "reservataire": st.sampled_from([holder.id for holder in holders]),
        "territoire": st.sampled_from(sorted(places)),
        "niveau": st.sampled_from(NIVEAUX),
        "report": st.floats(-1e9, 1e9),
        "solde": st.just(SANS_SOLDE) | st.integers(0, 10**9),
    }
    none = st.just(float("nan"))
    promise = st.builds(Promise, part=PERCENTS, volume=none, **common) | st.builds(
        Promise, part=none, volume=DWELLINGS, **common
    )
    return st.lists(promise, max_size=5, unique_by=lambda promise: (promise.reservataire, promise.territoire))


def _wishes(holders: list[Holder]) -> st.SearchStrategy[list[Wish]]:
    wish = st.builds(
        Wish,
        reservataire=st.sampled_from([holder.id for holder in holders]),
        dimension=st.just("typologie+qpv"),
        modalite=st.sampled_from(["T1+oui", "T3+non", "T6+non"]),
        part=PERCENTS,
    )
    return st.lists(wish, max_size=4, unique_by=lambda wish: (wish.reservataire, wish.modalite))
