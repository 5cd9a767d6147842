"""How much one line may send in a second: frames and bytes, with some seconds' worth at once."""

from __future__ import annotations


class Bursts:
    """Two buckets that fill evenly."""

    __slots__ = ("_at", "_bytes", "_frames", "_most_bytes", "_most_frames", "_seconds")

    def __init__(self, frames: int, size: int, seconds: int) -> None:
        """``frames`` and ``size`` (bytes) a second, and as much as ``seconds`` of it at once."""
        self._seconds = seconds
        self._most_frames = self._frames = float(frames * seconds)
        self._most_bytes = self._bytes = float(size * seconds)
        self._at: float | None = None

    def spend(self, size: int, now: float) -> bool:
        """Take a frame of ``size`` bytes out of them; False where they are empty.

        ``now``: seconds that only grow.
        """
        passed = 0.0 if self._at is None else (now - self._at) / self._seconds
        self._at = now
        frames = min(self._most_frames, self._frames + passed * self._most_frames)
        held = min(self._most_bytes, self._bytes + passed * self._most_bytes)
        if frames < 1 or held < size:
            return False
        self._frames, self._bytes = frames - 1, held - size
        return True
