"""Text in and out: chord symbols, roman numerals, progressions and the pattern language."""
