"""Audio files. Alone in importing soundfile."""
