"""What comes back of an earlier song is as it was, and nothing else moves [ROOM-10]."""

import itertools
import os
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.crdt.document import Document
from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.restoring import with_bars_of, with_stem_of
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema.models import Song
from tests import strategies

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
FEW = settings(max_examples=400 if LONG else 12)


def fresh_ids():
    """Ids that no song of the strategies has."""
    count = itertools.count()
    return lambda: f"fresh-{next(count)}"


def scattered(draw, document):
    """Take some notes out, and move others."""
    now = document.revision
    with document.edit() as write:
        for segment in now.segments.values():
            for key in segment.notes:
                match draw(st.integers(0, 5)):
                    case 0:
                        write.set_note(segment.id, key, None)
                    case 1:
                        write.set_note(segment.id, key, draw(strategies.notes()))


@st.composite
def histories(draw):
    """A song as it was and as it is now: things of it stayed, went, moved and came."""
    then = draw(strategies.songs().filter(lambda song: song.kind == "song"))
    other = draw(strategies.songs().filter(lambda song: song.kind == "song"))
    document = Document(then)
    with document.edit() as write:
        for kept in (other.loops, other.returns, other.stems, other.blocks, other.sections):
            for one in kept.values():
                write.set_loop(one) if kept is other.loops else write.put(one)
        for one in (*other.segments.values(), *other.markers.values()):
            write.put(one)
    with document.edit() as write:
        for root, held in (
            ("stems", then.stems),
            ("segments", then.segments),
            ("blocks", then.blocks),
        ):
            for key in held:
                if draw(st.integers(0, 3)) == 0:
                    write.remove(root, key)
    scattered(draw, document)
    return then, document.revision


def things(song, bars, *, inside):
    """What begins in some bars of a song, or in all others, told without ids and containers."""

    def fits(tick):
        return (tick in bars) is inside

    found = [("tempo", at, str(v)) for at, v in song.tempos.items() if at and fits(at)]
    found += [
        ("block", b.start, b.length, b.lane, b.loop) for b in song.blocks.values() if fits(b.start)
    ]
    found += [
        ("section", s.start, s.length, s.name) for s in song.sections.values() if fits(s.start)
    ]
    found += [("marker", m.tick, m.name) for m in song.markers.values() if fits(m.tick)]
    for segment in song.segments.values():
        if segment.kind != "midi":
            if fits(segment.start):
                found.append(
                    (segment.kind, segment.stem, segment.start, segment.length, segment.gain)
                )
            continue
        shift = segment.start - segment.offset
        for note in segment.notes.values():
            at = note.start + shift
            if fits(at) and segment.start <= at < segment.end:
                found.append(("note", segment.stem, at, note.duration, note.pitch, note.velocity))
    for key, points in song.lanes.items():
        found += [("point", key, at, str(point)) for at, point in points.items() if fits(at)]
    return sorted(map(repr, found))


@given(histories(), st.integers(1, 60), st.integers(0, 20))
@FEW
def test_bars_come_back_and_other_bars_stay(songs, first, more):
    """[ROOM-10] Inside the bars it is as it was, outside as it is; and it is a song that prints."""
    then, now = songs
    restored = with_bars_of(now, then, first, first + more, fresh_ids())
    grid = MeterMap(now.meters)
    bars = range(grid.tick_of(first), grid.tick_of(first + more + 1))
    assert things(now, bars, inside=False) == things(restored, bars, inside=False)
    assert things(then, bars, inside=True) == things(restored, bars, inside=True)
    document = Document(now)
    with document.edit() as write:
        write.set_song(restored)
    assert print_song(restored) == print_song(document.revision)
    assert parse_song(print_song(restored)) == restored


@given(strategies.songs(), strategies.songs())
@FEW
def test_the_whole_comes_back_exactly(then, now):
    """[ROOM-10] A restored song prints as it printed."""
    document = Document(then)
    before = print_song(document.revision)
    with document.edit() as write:
        write.set_song(now)
    with document.edit() as write:
        write.set_song(then)
    assert before.splitlines()[2:] == print_song(document.revision).splitlines()[2:]


@given(histories())
@FEW
def test_a_stem_comes_back_with_what_it_plays(songs):
    """[ROOM-10] The stem and its segments are as they were; all other stems stay."""
    then, now = songs
    for key, stem in then.stems.items():
        restored = with_stem_of(now, then, key, fresh_ids())
        assert (stem.name, stem.settings) == (
            restored.stems[key].name,
            restored.stems[key].settings,
        )
        assert played(then, {key}) == played(restored, {key})
        others = now.stems.keys() - {key}
        assert played(now, others) == played(restored, others)
        assert {k: now.stems[k] for k in others} == {k: restored.stems[k] for k in others}
        assert parse_song(print_song(restored)) == restored


def played(song, stems):
    """What some stems play, without the ids of segments."""
    return sorted(
        repr((s.stem, s.kind, s.start, s.length, s.offset, sorted(map(repr, s.notes.values()))))
        for s in song.segments.values()
        if s.stem in stems
    )


@given(histories())
@FEW
def test_nothing_to_bring_back_changes_nothing(songs):
    """[ROOM-10] A song restored from itself is itself."""
    _, now = songs
    restored = with_bars_of(now, now, 1, 10_000, fresh_ids())
    assert now == restored


@given(strategies.loops("a"), strategies.loops("a"), st.integers(1, 8))
@FEW
def test_bars_of_a_loop_come_back(then, now, bar):
    """[ROOM-10] Steps and chords of one bar are as they were, those of others as they are."""
    now = replace(now, steps_per_bar=then.steps_per_bar, bars=then.bars, meter=then.meter)
    cells = now.bars * now.steps_per_bar
    now = replace(
        now,
        steps={at: one for at, one in now.steps.items() if at[1] < cells},
        chords={at: one for at, one in now.chords.items() if at < cells},
    )
    songs = [Song("s", "Loop", kind="loop", loops={"a": one}) for one in (now, then)]
    loop = with_bars_of(*songs, bar, bar, fresh_ids()).loops["a"]
    within = range((bar - 1) * now.steps_per_bar, bar * now.steps_per_bar)
    for held, source in ((within, then), (set(range(cells)) - set(within), now)):
        assert {k: v for k, v in source.steps.items() if k[1] in held} == {
            k: v for k, v in loop.steps.items() if k[1] in held
        }
        assert {k: v for k, v in source.chords.items() if k in held} == {
            k: v for k, v in loop.chords.items() if k in held
        }
