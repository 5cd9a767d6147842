"""The lines of a song file that speak of a stem, a return, the master or a segment."""

from __future__ import annotations

from collections.abc import Mapping

from cellissimo.notation.pattern_problem import quoted
from cellissimo.notation.song_file_draft import Draft
from cellissimo.notation.song_file_song_lines import Reader, read_color, read_length, read_tick
from cellissimo.notation.song_file_words import (
    FileFault,
    exactly,
    matching,
    put_once,
    read_integer,
    read_number,
    read_text,
    read_value,
)
from cellissimo.schema import checks, limits, song_checks
from cellissimo.schema.models import Frozen, Note, Point

_MOST_OFFSET = max(limits.LAST_TICK, limits.MOST_FRAMES)


def _order(draft: Draft, words: list[str]) -> None:
    order = read_text(exactly(_own(draft, words, "order"), 'order "V"')[0], "the order")
    found = matching(limits.ORDER_PATTERN, order, "the order", "Write digits and letters, as V.")
    put_once(draft.strip.fields, "order", found, "the order")


def _color(draft: Draft, words: list[str]) -> None:
    color = read_color(exactly(_own(draft, words, "color"), 'color "#5b8def"')[0])
    put_once(draft.strip.fields, "color", color, "the color")


def _channel(draft: Draft, words: list[str]) -> None:
    _only_stems(draft, "channel")
    channel = read_integer(exactly(words, "channel 1")[0], "the channel", 1, 16)
    put_once(draft.strip.fields, "channel", channel, "the channel")


def _frozen(draft: Draft, words: list[str]) -> None:
    _only_stems(draft, "frozen")
    blob, frames, fingerprint = exactly(words, 'frozen "BLOB" 48000 "FINGERPRINT"')
    length = read_integer(frames, "the frames", 0, limits.MOST_FRAMES)
    frozen = Frozen(_read_blob(blob), length, read_text(fingerprint, "the fingerprint"))
    put_once(draft.strip.fields, "frozen", frozen, "what is frozen")


def _setting(draft: Draft, words: list[str]) -> None:
    name, value = exactly(words, "setting SECTION.NAME VALUE")
    held = checks.setting(draft.strip.what, name, read_value(value))
    put_once(draft.strip.settings, name, held, name)


def _send(draft: Draft, words: list[str]) -> None:
    _only_stems(draft, "send")
    bus, level = exactly(words, 'send "RETURN" 0.5')
    amount = checks.number(read_number(level, "the send"), 0, 1, "the send")
    put_once(draft.strip.sends, read_text(bus, "the return's id"), amount, "the send")


def _automation(draft: Draft, words: list[str]) -> None:
    curved = [*words, "linear"] if len(words) == 3 else words
    key, tick, value, curve = exactly(curved, "automation filter.freq 0 800 hold")
    point = song_checks.point(key, Point(read_number(value, key), curve))
    lane, at = draft.strip.lanes.setdefault(key, {}), read_tick(tick)
    put_once(lane, at, point, f"the point of {key} at tick {at}")
    if len(lane) > limits.POINTS_PER_LANE:
        raise FileFault(
            f"the lane of {key} has more than {limits.POINTS_PER_LANE} points",
            "Take out points that lie on the way between their neighbours.",
        )


def _own(draft: Draft, words: list[str], what: str) -> list[str]:
    """The words, where the strip is no master. Raises: FileFault."""
    if draft.strip.what == limits.MASTER:
        raise FileFault(f"the master has no {what}", "Take the line out.")
    return words


def _only_stems(draft: Draft, what: str) -> None:
    if draft.strip.what != "stem":
        raise FileFault(f"{quoted(what)} is a line of a stem, not here", "Take the line out.")


def _segment_name(draft: Draft, words: list[str]) -> None:
    name = read_text(exactly(words, 'name "…"')[0], "the name", limits.NAME_LENGTH)
    put_once(draft.segment.fields, "name", name, "the name")


def _segment_loop(draft: Draft, words: list[str]) -> None:
    loop = read_text(exactly(words, 'plays "ID"')[0], "the loop's id")
    put_once(draft.segment.fields, "loop", loop, "the loop")


def _segment_blob(draft: Draft, words: list[str]) -> None:
    put_once(draft.segment.fields, "blob", _read_blob(exactly(words, 'blob "…"')[0]), "the blob")


def _read_blob(word: str) -> str:
    cure = "Write the sha256 of its bytes, 64 digits and letters a … f."
    return matching(limits.BLOB_PATTERN, read_text(word, "the blob"), "the blob", cure)


def _segment_frames(draft: Draft, words: list[str]) -> None:
    frames = read_integer(exactly(words, "frames 48000")[0], "the frames", 0, limits.MOST_FRAMES)
    put_once(draft.segment.fields, "frames", frames, "the frames")


def _segment_offset(draft: Draft, words: list[str]) -> None:
    offset = read_integer(exactly(words, "offset 960")[0], "the offset", 0, _MOST_OFFSET)
    put_once(draft.segment.fields, "offset", offset, "the offset")


def _segment_gain(draft: Draft, words: list[str]) -> None:
    gain = read_number(exactly(words, "gain -3")[0], "the gain")
    held = checks.number(gain, *limits.GAIN_RANGE, "the gain (dB)")
    put_once(draft.segment.fields, "gain", held, "the gain")


def _fade_in(draft: Draft, words: list[str]) -> None:
    _fade(draft, words, "fade_in")


def _fade_out(draft: Draft, words: list[str]) -> None:
    _fade(draft, words, "fade_out")


def _fade(draft: Draft, words: list[str], which: str) -> None:
    length, curve = exactly(words, "fadein 20 linear")
    if curve not in limits.FADE_CURVES:
        listed = ", ".join(limits.FADE_CURVES)
        raise FileFault(f"the fade's curve is {quoted(curve)}", f"Write one of {listed}.")
    held = checks.number(read_number(length, "the fade"), *limits.FADE_RANGE, "the fade (ms)")
    put_once(draft.segment.fields, which, held, "the fade")
    draft.segment.fields[f"{which}_curve"] = curve


def _note(draft: Draft, words: list[str]) -> None:
    start, duration, pitch, velocity, key = exactly(words, 'note 0 480 60 100 "ID"')
    note = Note(
        read_tick(start, "the start"),
        read_length(duration),
        checks.number(read_number(pitch, "the pitch"), *limits.PITCH_RANGE, "the pitch"),
        read_integer(velocity, "the velocity", *limits.VELOCITY_RANGE),
    )
    note_id = read_text(key, "the note's id")
    put_once(draft.segment.notes, note_id, note, f"note {quoted(note_id)}")
    if len(draft.segment.notes) > limits.NOTES_PER_SEGMENT:
        raise FileFault(
            f"the segment has more than {limits.NOTES_PER_SEGMENT} notes", "Split the segment."
        )


IN_STRIP: Mapping[str, Reader] = {
    "order": _order,
    "color": _color,
    "channel": _channel,
    "frozen": _frozen,
    "setting": _setting,
    "send": _send,
    "automation": _automation,
}
"""The lines of a stem, a return or the master."""

IN_SEGMENT: Mapping[str, Reader] = {
    "name": _segment_name,
    "plays": _segment_loop,
    "blob": _segment_blob,
    "frames": _segment_frames,
    "offset": _segment_offset,
    "gain": _segment_gain,
    "fadein": _fade_in,
    "fadeout": _fade_out,
    "note": _note,
    "automation": _automation,
}
"""The lines of a segment; a point of automation among them is its stem's."""
