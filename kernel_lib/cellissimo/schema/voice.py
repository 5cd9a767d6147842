"""The parameters of a voice: what a patch may say about a sound.

A patch is a mapping of these (and of any row or strip parameter) to values; what it leaves out
has the default given here. A voice sums its oscillators, noise, metal and click, sends them
through its filter, vowels and drive, and shapes them with the row's envelope.
"""

from __future__ import annotations

from cellissimo.schema.parameter import Parameter, Scope, choice, number, switch, time

V = Scope.VOICE

_PLAY = (
    choice(
        "play.follow",
        V,
        "fixed root bass voicing arp",
        "fixed",
        "what a step without a pitch plays of the chord",
    ),
    number("play.pitch", V, 0, 127, 60, "MIDI", "the pitch of a sound that follows no chord"),
    number("play.low", V, 0, 127, 60, "MIDI", "the lowest pitch a chord tone is placed on"),
    number("play.voices", V, 1, 6, 1, "", "how many chord tones sound at once"),
    switch("play.oneshot", V, "plays its whole envelope whatever the length of the step"),
    number("play.choke", V, 0, 8, 0, "", "sounds of one group silence each other; 0 is none"),
    number("play.level", V, 0, 16, 1, "", "linear level of the sound"),
    number("play.velocity", V, 0, 1, 0.85, "", "how far velocity moves the level"),
)

_OSCILLATORS = (
    choice("osc.wave", V, "sine triangle saw square", "saw"),
    number("osc.level", V, 0, 2, 1, "", "level of the first oscillator"),
    number("osc.tune", V, -48, 48, 0, "semitones"),
    number("osc.width", V, 0.02, 0.98, 0.5, "", "pulse width of a square"),
    number("osc.unison", V, 1, 7, 1, "", "how many detuned copies"),
    number("osc.detune", V, 0, 100, 10, "cents", "how far the outer copies are detuned"),
    number("osc.spread", V, 0, 1, 0.6, "", "how far the copies are spread left and right"),
    switch("osc.free", V, "starts anywhere in its turn, not at its beginning"),
    choice("osc2.wave", V, "sine triangle saw square", "saw"),
    number("osc2.level", V, 0, 2, 0, "", "level of the second oscillator"),
    number("osc2.tune", V, -48, 48, 0, "semitones"),
    number("sub.level", V, 0, 2, 0, "", "level of a sine below"),
    number("sub.tune", V, -48, 48, -12, "semitones"),
    number("fm.amount", V, 0, 24, 0, "radians", "how far a sine bends the first oscillator's"),
    number("fm.ratio", V, 0.05, 24, 1, "", "frequency of that sine, in the pitch's"),
    number("fm.attack", V, 0, 10, 0, "s", "time in which the bend grows"),
    number("fm.decay", V, 0, 20, 0, "s", "time in which the bend falls by 60 dB; 0 never"),
    number("fm.sustain", V, 0, 1, 0, "", "what stays of the bend when it has fallen"),
    number("fm.feedback", V, 0, 2, 0, "radians", "how far that sine bends itself"),
    number("fm.velocity", V, 0, 1, 0, "", "how far a soft step bends less"),
    number("fm2.amount", V, 0, 24, 0, "radians", "how far a second sine bends it as well"),
    number("fm2.ratio", V, 0.05, 24, 1, "", "frequency of the second sine, in the pitch's"),
    number("fm2.decay", V, 0, 20, 0, "s", "time in which its bend falls by 60 dB; 0 never"),
)

_NOISES = (
    number("noise.level", V, 0, 4, 0),
    number("noise.attack", V, 0, 10, 0, "s"),
    number("noise.decay", V, 0, 20, 0, "s", "time to fall by 60 dB; 0 with the envelope"),
    choice("noise.type", V, "off lowpass highpass bandpass", "off"),
    number("noise.freq", V, 20, 20000, 4000, "Hz"),
    number("noise.q", V, 0.1, 20, 0.707),
    number("noise.width", V, 0, 1, 0, "", "0 one noise for both sides, 1 one for each"),
    number("metal.level", V, 0, 4, 0, "", "level of six inharmonic squares"),
    number("metal.pitch", V, 20, 4000, 400, "Hz", "the lowest of them"),
    number("metal.decay", V, 0, 20, 0, "s", "time to fall by 60 dB; 0 with the envelope"),
    number("metal.freq", V, 20, 20000, 7000, "Hz", "they are cut below"),
    number("metal.count", V, 1, 6, 6, "", "how many of the six sound"),
    number("click.level", V, 0, 4, 0, "", "level of the first knock"),
    number("click.freq", V, 20, 20000, 3000, "Hz"),
    number("click.decay", V, 0.0005, 0.2, 0.01, "s", "time to fall by 60 dB"),
)

_MOVEMENT = (
    number("pitch.amount", V, -96, 96, 0, "semitones", "how far above the pitch it starts"),
    number("pitch.decay", V, 0.001, 10, 0.05, "s", "time in which that falls to a thousandth"),
    number("pitch.snap", V, -96, 96, 0, "semitones", "a second, faster start"),
    number("pitch.snaptime", V, 0.001, 1, 0.01, "s"),
    number("vibrato.depth", V, 0, 200, 0, "cents"),
    number("vibrato.rate", V, 0.01, 20, 5, "Hz"),
    number("vibrato.delay", V, 0, 10, 0.3, "s", "time in which it grows"),
    time("wobble.time", V, 0.001, 16, "8n", "time of one turn"),
    number("wobble.depth", V, 0, 8, 0, "octaves", "how far it opens the voice's filter"),
    number("wobble.level", V, 0, 1, 0, "", "how far it moves the level"),
    number("grow.level", V, 0, 1, 0, "", "how far the level rises while the step lasts"),
    number("grow.pitch", V, -96, 96, 0, "semitones", "how far the pitch rises meanwhile"),
    number("grow.filter", V, -10, 10, 0, "octaves", "how far the filter opens meanwhile"),
    number("burst.count", V, 1, 8, 1, "", "how many strokes one step has"),
    number("burst.spacing", V, 0.001, 0.2, 0.01, "s", "time between strokes"),
    time("glitch.time", V, 0.001, 2, "32n", "time between jumps"),
    number("glitch.pitch", V, 0, 48, 0, "semitones", "how far the pitch jumps"),
    number("glitch.gate", V, 0, 1, 0, "", "how many of the pieces are silent"),
    number("glitch.crush", V, 0, 1, 0, "", "how far the sample rate is lowered"),
)

_COLOUR = (
    choice("tone.type", V, "off lowpass lowpass24 highpass bandpass", "off", "the voice's filter"),
    number("tone.freq", V, 20, 20000, 2000, "Hz"),
    number("tone.q", V, 0.1, 20, 0.707),
    number("tone.env", V, -10, 10, 0, "octaves", "how far its envelope opens it"),
    number("tone.attack", V, 0, 10, 0, "s"),
    number("tone.decay", V, 0.001, 20, 0.3, "s"),
    number("tone.sustain", V, 0, 1, 0),
    number("tone.track", V, 0, 1, 0, "", "how far it follows the pitch, from C4"),
    number("tone.velocity", V, 0, 8, 0, "octaves", "how far a soft step closes it"),
    number("vowel.mix", V, 0, 1, 0, "", "how much of the voice is sung"),
    number("vowel.start", V, 0, 4, 0, "", "0 a, 1 e, 2 i, 3 o, 4 u"),
    number("vowel.end", V, 0, 4, 0),
    number("vowel.time", V, 0.001, 10, 0.2, "s", "time from the first vowel to the last"),
    number("vowel.shift", V, 0.5, 2, 1, "", "size of the mouth"),
    number("drive.amount", V, 0, 1, 0, "", "how hard the voice is pressed"),
)

VOICE: tuple[Parameter, ...] = (*_PLAY, *_OSCILLATORS, *_NOISES, *_MOVEMENT, *_COLOUR)
