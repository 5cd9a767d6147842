"""What is kept: rows, journal and blobs, behind ports."""
