"""Standard MIDI Files: bytes that any sequencer reads."""
