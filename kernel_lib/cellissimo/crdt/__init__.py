"""The shared document: its Y types, reading, writing, undo. Alone in importing pycrdt."""
