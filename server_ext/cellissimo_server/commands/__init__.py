"""Use cases, one a file: authorise, change, journal, announce."""
