"""Extracts of an ERP to entries of the journal: read with a saved mapping, compared with what is known.

:func:`propose_mapping` guesses a mapping from a header, :func:`read_mapping` reads the one that was saved.
:func:`read_import` reads an extract with it; :func:`facts`, :func:`known_of` and :func:`changes` say what it adds to
the journal.
"""

from allocator.ledger.importing.changes import Apport, changes
from allocator.ledger.importing.facts import Fait, facts
from allocator.ledger.importing.fields import EXTRAITS, GENRES
from allocator.ledger.importing.known import Enregistre, Noms, known_of
from allocator.ledger.importing.lecture import Lecture, read_import
from allocator.ledger.importing.mapping import Correspondance
from allocator.ledger.importing.mapping_reader import read_mapping
from allocator.ledger.importing.mapping_writer import mapping_text
from allocator.ledger.importing.proposal import Proposition, propose_mapping
from allocator.ledger.importing.rejects import rejects_of, write_rejects
from allocator.ledger.importing.rows import Annonce, Issue, Ligne, Radiation, Solde

__all__ = [
    "EXTRAITS",
    "GENRES",
    "Annonce",
    "Apport",
    "Correspondance",
    "Enregistre",
    "Fait",
    "Issue",
    "Lecture",
    "Ligne",
    "Noms",
    "Proposition",
    "Radiation",
    "Solde",
    "changes",
    "facts",
    "known_of",
    "mapping_text",
    "propose_mapping",
    "read_import",
    "read_mapping",
    "rejects_of",
    "write_rejects",
]
