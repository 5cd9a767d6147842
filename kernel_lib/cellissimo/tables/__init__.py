"""Music as columns: notes, chords and blocks as tables that pandas and DuckDB take as they are.

Pure functions make them from a song or loop, change them, and make steps and notes of them again.
"""
