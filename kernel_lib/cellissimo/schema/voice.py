"""The parameters of a voice: what a patch may say about a sound.

A patch is a mapping of these (and of any row or strip parameter) to values; what it leaves out
has the default given here.
"""

from __future__ import annotations

from cellissimo.schema.parameter import Parameter, Scope, choice, number, switch

V = Scope.VOICE

VOICE: tuple[Parameter, ...] = (
    choice("play.follow", V, "fixed root bass voicing arp", "fixed",
           "what a step without a pitch plays of the chord"),
    number("play.pitch", V, 0, 127, 60, "MIDI", "the pitch of a sound that follows no chord"),
    number("play.low", V, 0, 127, 60, "MIDI", "the lowest pitch a chord tone is placed on"),
    number("play.voices", V, 1, 6, 1, "", "how many chord tones sound at once"),
    switch("play.oneshot", V, "plays its whole envelope whatever the length of the step"),
)
