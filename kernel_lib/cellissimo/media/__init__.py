"""Audio in and out: files, blobs, peaks, loudness, stretching. Alone in importing codecs."""
