"""Rhythms and melodies from rules: Euclid, chance, Markov chains, L-systems, cellular automata.

All are pure: what is random takes a seed, and the same seed gives the same music on any machine.

>>> import cellissimo as cm
>>> cm.generate.euclid(3, 8)
Steps x..x..x.
>>> loop = cm.Loop("Machine")
>>> loop["hat"] = cm.generate.euclid(5, 16)
"""

from cellissimo.generate.automata import cellular
from cellissimo.generate.chains import markov
from cellissimo.generate.melody import notes
from cellissimo.generate.rewriting import l_system, walk
from cellissimo.generate.rhythm import Steps, chance, euclid

__all__ = ["Steps", "cellular", "chance", "euclid", "l_system", "markov", "notes", "walk"]
