"""The engine in Python: the compiled module under wasmtime, call by call as SPEC.md lists them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import wasmtime

from cellissimo.domain.errors import CellissimoError

WASM = Path(__file__).parent / "engine.wasm"
"""The compiled engine; `python -m cellissimo.native.build` makes it."""

EVENT_WORDS = np.dtype(
    [
        ("frame", "<i4"),
        ("tick", "<i4"),
        ("strip", "<i4"),
        ("pitch", "<f4"),
        ("velocity", "<f4"),
        ("duration", "<i4"),
        ("frames", "<i4"),
    ]
)
"""One event as the engine writes it."""

METERS = 128
"""Strips that have a meter, the master first."""

_FAULTS = {
    -1: "it does not begin with the mark of a score image",
    -2: "it is of another version; write it with the same version of cellissimo",
    -3: "its length does not fit what it says it holds",
    -4: "it has another number of parameters; write it with the same version of cellissimo",
    -5: "a pass of it is shorter than a tick or longer than six hours",
    -6: "a strip feeds what it cannot, names an effect twice or holds a value out of range",
    -7: "a step lies outside its loop, on no instrument, or holds a value out of range",
    -8: "a chord lies outside its loop or holds a value out of range",
    -9: "no image has been loaded; call load first",
    -10: "a send does not lead from a strip to a return, or its level is not within 0 … 1",
    -11: "a tempo is out of range or out of order",
    -12: "a meter is out of range or out of order",
    -13: "a span lies outside the pass or holds a value out of range",
    -14: "a loop has no bus, or its bars and cells do not fit its length",
    -15: "a placement names no loop or span, or begins outside its loop",
    -16: "a note lies outside its span, on no instrument, or holds a value out of range",
    -17: "a clip names no span, or no instrument, or holds a value out of range",
    -18: "a point of automation names no strip or parameter, or holds a value out of range",
    -19: "a pass has more than 262144 events",
    -20: "it holds more records of one kind than the engine has room for; see native/SPEC.md",
}

Samples = np.ndarray[Any, np.dtype[np.float32]]

PAGE_FRAMES = 65_536
"""Frames of a page of audio."""

Pages = Callable[[int, int], Samples]
"""Gives a page of one of the image's audios by their numbers: ``(1 or 2, frames)`` float32."""


class EngineError(CellissimoError):
    """What the engine refused, and why."""


class _Compiled:
    """The module, compiled once in a process."""

    _lock = threading.Lock()
    _made: tuple[wasmtime.Engine, wasmtime.Module] | None = None

    @classmethod
    def get(cls) -> tuple[wasmtime.Engine, wasmtime.Module]:
        with cls._lock:
            if cls._made is None:
                engine = wasmtime.Engine()
                cls._made = engine, wasmtime.Module(engine, _wasm())
            return cls._made


def _wasm() -> bytes:
    try:
        return WASM.read_bytes()
    except FileNotFoundError:
        message = f"{WASM} is missing; build it with `python -m cellissimo.native.build`"
        raise EngineError(message) from None


def engine_hash() -> str:
    """The sha256 of the engine's bytes: equal hashes, equal sound."""
    return hashlib.sha256(_wasm()).hexdigest()


class Engine:
    """One instance of the engine, at 48 000 Hz in stereo.

    An instance belongs to one thread at a time. *Cost*: some 300 MB of address space, of which
    only what is played takes memory: 1 MB for each strip with echoes and a room, 0.5 MB for each
    page of audio.
    """

    def __init__(self, audio: Pages | None = None) -> None:
        """An engine without an image; ``audio`` gives the pages of audio that an image plays."""
        engine, module = _Compiled.get()
        self._audio = audio
        self._store = wasmtime.Store(engine)
        exports = wasmtime.Instance(self._store, module, []).exports(self._store)
        self._exports = {name: exports[name] for name in exports}
        self._memory = cast("wasmtime.Memory", self._exports["memory"])
        self.max_frames = int(self._call("max_frames"))
        self.capacity = int(self._call("image_capacity"))
        self._outputs = [int(self._call("output", channel)) for channel in (0, 1)]

    def _call(self, name: str, *arguments: int) -> float:
        function = cast("wasmtime.Func", self._exports[name])
        return cast("float", function(self._store, *arguments))

    def _read(self, address: int, size: int) -> bytes:
        return bytes(self._memory.read(self._store, address, address + size))

    def load(self, image: bytes, *, live: bool = False) -> None:
        """Takes a score image; ``live`` keeps position, voices, echoes and rooms.

        Raises:
            EngineError: the image is malformed; the old one stays.
        """
        words, rest = divmod(len(image), 4)
        if rest or words > self.capacity:
            message = f"an image of {len(image)} bytes; give whole words, at most {self.capacity}"
            raise EngineError(message)
        self._memory.write(self._store, image, int(self._call("image_buffer")))
        self._check(int(self._call("load", words, int(live))))

    def _check(self, code: int) -> int:
        if code < 0:
            message = f"the engine refused the image: {_FAULTS.get(code, f'fault {code}')}"
            raise EngineError(message)
        return code

    def pass_from(self, number: int) -> None:
        """Lets the next ``play`` begin with a later pass: chance and noise fall as in it."""
        self._call("pass_from", number)

    def play(self, mode: int = 1) -> None:
        """Starts at the current position: 0 one pass, 1 looping, 2 the first pass over and over.

        In mode 2 chance and noise fall in every pass as in the first, and a pass has a whole
        number of frames, so that each equals the next.
        """
        self._check(int(self._call("play", mode)))

    def stop(self) -> None:
        """Releases all voices; tails ring."""
        self._call("stop")

    def silence(self) -> None:
        """Clears voices and tails at once."""
        self._call("silence")

    def seek(self, tick: int) -> None:
        """Moves the position; sounding voices are released."""
        self._call("seek", tick)

    def region(self, start: int, end: int) -> None:
        """Sets the ticks between which it plays; an ``end`` not after ``start`` is the whole."""
        self._call("region", start, end)

    def render(self, frames: int) -> Samples:
        """The next frames, a new array of shape ``(2, frames)`` float32.

        Raises:
            EngineError: audio that it needs was not there.
        """
        out = np.empty((2, frames), np.float32)
        for start in range(0, frames, self.max_frames):
            count = min(self.max_frames, frames - start)
            self._serve_pages()
            self._call("render", count)
            for channel, address in enumerate(self._outputs):
                out[channel, start : start + count] = self._samples(address, count)
        self._miss_nothing()
        return out

    def _samples(self, address: int, frames: int) -> Samples:
        return np.frombuffer(self._read(address, 4 * frames), "<f4")

    def wanted(self) -> list[tuple[int, int]]:
        """The pages of audio, as pairs of audio and page, that the next second needs."""
        address = int(self._call("wanted"))
        count = int.from_bytes(self._read(address, 4), "little")
        pairs = np.frombuffer(self._read(address + 4, 8 * count), "<i4").reshape(-1, 2)
        return [(int(audio), int(page)) for audio, page in pairs]

    def put_page(self, audio: int, page: int, samples: Samples) -> None:
        """Gives a page of audio: ``(1 or 2, up to 65 536)`` frames; mono is heard on both sides."""
        both = np.zeros((2, PAGE_FRAMES), "<f4")
        both[:, : samples.shape[1]] = samples
        self._memory.write(self._store, both.tobytes(), int(self._call("page_buffer")))
        self._call("page_put", audio, page)

    def _serve_pages(self) -> None:
        if self._audio is None:
            return
        for audio, page in self.wanted():
            self.put_page(audio, page, self._audio(audio, page))

    def missed(self) -> int:
        """Frames of audio that were silent since `load` because their page was not there."""
        return int(self._call("missed"))

    def _miss_nothing(self) -> None:
        missed = self.missed()
        if missed:
            cure = "play fewer clips at once" if self._audio else "give Engine a source of audio"
            message = f"{missed} frames of audio were not there when they were due; {cure}"
            raise EngineError(message)

    def tap(self, strip: int, stage: int = 1) -> None:
        """Keeps what a strip gives in each render: 1 behind its fader, 2 before it, 0 no more.

        ``strip`` counts from 0, the master; -1 is every strip.
        """
        self._call("tap", strip, stage)

    def tapped(self, strip: int, frames: int) -> Samples:
        """What a strip gave in the last ``frames`` rendered, at most `max_frames`, in time with it.

        Raises:
            EngineError: the strip is not tapped.
        """
        addresses = [int(self._call("tapped", strip, channel)) for channel in (0, 1)]
        if 0 in addresses:
            message = f"strip {strip} is not tapped; call tap({strip}) before render"
            raise EngineError(message)
        return np.stack([self._samples(address, frames) for address in addresses])

    def collect(self, pass_number: int = 0) -> np.ndarray[Any, Any]:
        """The events of one pass in their order, a record array of `EVENT_WORDS`."""
        count = self._check(int(self._call("collect", pass_number)))
        size = count * EVENT_WORDS.itemsize
        return np.frombuffer(self._read(int(self._call("events")), size), EVENT_WORDS)

    def position(self) -> float:
        """The tick in the pass that is heard; -1 when not playing."""
        return float(self._call("position"))

    def passes(self) -> int:
        """Passes completed since `play`."""
        return int(self._call("passes"))

    def is_quiet(self) -> bool:
        """Whether nothing sounds: no voice, and all echoes and rooms below -90 dBFS."""
        return bool(self._call("quiet"))

    def voices(self) -> int:
        """Sounding voices, at most 128."""
        return int(self._call("voices"))

    def meters(self) -> np.ndarray[Any, Any]:
        """Peak and RMS of each strip since the last reset, ``(128, 2)`` float32, master first."""
        words = self._read(int(self._call("meters")), METERS * 2 * 4)
        return np.frombuffer(words, "<f4").reshape(METERS, 2)

    def reset_meters(self) -> None:
        """Begins to measure anew."""
        self._call("meters_reset")

    def pass_frames(self) -> int:
        """Frames of one pass, rounded to nearest."""
        return int(self._call("pass_frames"))

    def latency(self) -> int:
        """Frames the limiter looks ahead; `render` has taken them off."""
        return int(self._call("latency"))
