"""Pure musical values and theory: ticks, pitch, key, chord, progressions. Standard library only."""
