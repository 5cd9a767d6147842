"""What a file is, by its first bytes: names and declared types are never believed."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.workers.refused import RefusedError

ENOUGH = 4096
"""Bytes that are looked at."""

TAKEN = "WAV, FLAC, MP3, Ogg Vorbis, Opus or AIFF"


@dataclass(frozen=True, slots=True)
class Kind:
    """An audio format: its MIME type and the ending of its files."""

    mime: str
    ending: str


WAV = Kind("audio/wav", ".wav")
FLAC = Kind("audio/flac", ".flac")
MP3 = Kind("audio/mpeg", ".mp3")
OGG = Kind("audio/ogg", ".ogg")
AIFF = Kind("audio/aiff", ".aiff")

_OTHERS = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a macOS program or Java class"),
    (b"#!", "a script"),
    (b"MThd", "a MIDI file; import it into a song instead"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM file"),
    (b"0&\xb2u", "a Windows Media file"),
    (b"caff", "an Apple CAF file"),
    (b"SQLite format 3", "a database"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x00asm", "a WebAssembly program"),
)

_OGG_CODECS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")


def kind_of(start: bytes) -> Kind:
    """The format of a file that begins with these bytes.

    Raises:
        RefusedError: it is none that is taken; it says what the bytes look like.
    """
    found = _audio(start)
    if found is None:
        raise RefusedError(
            f"This is {_looks_like(start)}, not audio.",
            cure=f"Send {TAKEN}; most programs export one of them.",
            code="unsupported-type",
        )
    return found


def _audio(start: bytes) -> Kind | None:
    if start[:4] in (b"RIFF", b"RF64") and start[8:12] == b"WAVE":
        return WAV
    if start[:4] == b"FORM" and start[8:12] in (b"AIFF", b"AIFC"):
        return AIFF
    if start[:4] == b"fLaC":
        return FLAC
    if start[:4] == b"OggS" and any(codec in start[:512] for codec in _OGG_CODECS):
        return OGG
    if start[:3] == b"ID3":
        return FLAC if _behind_tag(start)[:4] == b"fLaC" else MP3
    return MP3 if _is_mp3_frame(start) else None


def _behind_tag(start: bytes) -> bytes:
    """What comes after an ID3v2 tag, where that is near [id3v2.4.0, 3.1]."""
    if len(start) < 10:
        return b""
    size = 0
    for byte in start[6:10]:
        size = size << 7 | byte & 0x7F
    return start[10 + size :]


def _is_mp3_frame(start: bytes) -> bool:
    """Whether this begins a frame of MPEG audio, layer III: sync, bit rate and sample rate."""
    if len(start) < 4 or start[0] != 0xFF or start[1] & 0xE0 != 0xE0:
        return False
    version, layer = start[1] >> 3 & 3, start[1] >> 1 & 3
    return version != 1 and layer == 1 and start[2] >> 4 not in (0, 15) and start[2] >> 2 & 3 != 3


def _looks_like(start: bytes) -> str:
    if not start:
        return "an empty file"
    for mark, name in _OTHERS:
        if start.startswith(mark):
            return name
    if start[4:8] == b"ftyp":
        return "an MP4 or M4A file"
    if start[:4] == b"OggS":
        return "an Ogg file without sound that can be read"
    if start[:4] == b"RIFF":
        return "a RIFF file, such as a picture or a video"
    return _text(start) or "a file of an unknown kind"


def _text(start: bytes) -> str:
    """What kind of text this is; empty where it is none."""
    try:
        words = start[: ENOUGH // 2].decode("utf-8").lstrip().lower()
    except UnicodeDecodeError:
        return ""
    if "\0" in words:
        return ""
    if words.startswith(("<!doctype html", "<html", "<script")):
        return "a web page"
    if words.startswith(("<?xml", "<svg")):
        return "XML or an SVG picture"
    return "text"
