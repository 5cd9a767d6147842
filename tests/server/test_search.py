from __future__ import annotations

from typing import Any

import pytest

from tests.server.running import Running

LOOPS = [
    ("Größe des Sommers", "D major", 96, ["warm", "Straße"], ["D", "Bm", "G"]),
    ("Winter Nights", "A minor", 120, ["cold"], ["Am", "F", "G"]),
    ("Nightfall", "A minor", 140, ["warm"], ["Am", "Dm7"]),
]


@pytest.fixture(scope="module")
def library(server: Running) -> dict[str, str]:
    """The ids of Nora's public loops by name; one more of hers is private, one in the trash."""
    nora, found = server.as_("nora"), {}
    rows = [*LOOPS, ("Night secret", "A minor", 120, [], ["Am"])]
    for name, key, tempo, tags, chords in [*rows, ("Night trashed", "A minor", 120, [], ["Am"])]:
        server.clock.forward(seconds=1)
        body = {
            "name": name, "length": 4, "key": key, "tempo": tempo, "tags": tags,
            "isPublic": name != "Night secret",
            "chordProgression": [{"bar": 4 * n, "chord": c} for n, c in enumerate(chords)],
        }  # fmt: skip
        answer = nora.post("loops", json=body)
        assert answer.status_code == 201, answer.text
        found[name] = answer.json()["id"]
    nora.delete(f"loops/{found['Night trashed']}")
    return found


def names(server: Running, person: str | None = None, **params: Any) -> list[str]:
    """The names that a search finds."""
    client = server.as_(person) if person else server.client()
    answer = client.get("search", params=params)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["results"]]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("grosse", ["Größe des Sommers"]),
        ("GRÖSSE sommers", ["Größe des Sommers"]),
        ("strasse", ["Größe des Sommers"]),
        ("night", ["Nightfall", "Winter Nights"]),
        ("nigh", ["Nightfall", "Winter Nights"]),
        ("night winter", []),
        ("winter night", ["Winter Nights"]),
        ("am 140", ["Nightfall"]),
        ("dm7", ["Nightfall"]),
        ("nora cold", ["Winter Nights"]),
        ("nothing of the kind", []),
        ("%", ["Nightfall", "Winter Nights", "Größe des Sommers"]),
        ("100%_", []),
    ],
)
def test_words_find_names_tags_chords_tempo_and_owner(
    server: Running, library: dict, q: str, expected: list[str]
) -> None:
    """Case and accents make no difference; the last word may be a beginning; all have to be in."""
    assert names(server, q=q) == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"tag": "warm"}, ["Nightfall", "Größe des Sommers"]),
        ({"chord": "G"}, ["Winter Nights", "Größe des Sommers"]),
        ({"chord": "Amin"}, ["Nightfall", "Winter Nights"]),
        ({"key": "a minor"}, ["Nightfall", "Winter Nights"]),
        ({"tempo": "90-120"}, ["Winter Nights", "Größe des Sommers"]),
        ({"tempo": "140"}, ["Nightfall"]),
        ({"kind": "project"}, []),
        ({"kind": "loop", "sort": "new"}, ["Nightfall", "Winter Nights", "Größe des Sommers"]),
        ({"tempo": "90-120", "chord": "G", "q": "winter"}, ["Winter Nights"]),
    ],
)
def test_filters_say_what_the_music_is_like(
    server: Running, library: dict, params: dict, expected: list[str]
) -> None:
    """Tag, chord, key, tempo and kind, alone and together."""
    assert names(server, **params) == expected


@pytest.mark.parametrize(
    ("params", "field"),
    [({"key": "H"}, "key"), ({"tempo": "120-90"}, "tempo"), ({"tempo": "x"}, "tempo"),
     ({"sort": "best"}, "sort"), ({"limit": 101}, "limit"), ({"include": "all"}, "include")],
)  # fmt: skip
def test_a_wrong_filter_is_named(server: Running, params: dict, field: str) -> None:
    """What does not read is refused, not passed over."""
    answer = server.client().get("search", params=params)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == field


def test_private_and_deleted_pieces_are_never_found(server: Running, library: dict) -> None:
    """Others find what is public; the owner finds the private one where they ask for theirs."""
    assert "Night secret" not in names(server, "oscar", q="secret", mine="true")
    assert names(server, "nora", q="night secret") == []
    assert names(server, "nora", q="night secret", mine="true") == ["Night secret"]
    assert names(server, "nora", q="trashed", mine="true") == []
    assert server.client().get("search", params={"mine": "true"}).status_code == 401


def test_what_changes_is_found_by_its_new_words(server: Running, library: dict) -> None:
    """Renaming, untagging, unpublishing, and the owner's new name are seen at once."""
    nora, address = server.as_("nora"), f"loops/{library['Nightfall']}"
    nora.patch(address, json={"name": "Daybreak", "tags": ["new"]})
    assert names(server, q="daybreak") == ["Daybreak"]
    assert names(server, q="nightfall") == []
    assert names(server, q="daybreak warm") == []
    nora.patch(address, json={"isPublic": False})
    assert names(server, q="daybreak") == []
    nora.patch(address, json={"name": "Nightfall", "tags": ["warm"], "isPublic": True})
    nora.patch("users/me", json={"displayName": "Eleonora"})
    assert len(names(server, q="eleonora")) == 3
    nora.patch("users/me", json={"displayName": "Nora"})


def test_explore_pages_through_everything(server: Running, library: dict) -> None:
    """Without words everything public comes, each once, by number and by keyset."""
    visitor = server.client()
    first = visitor.get("explore", params={"limit": 2}).json()
    assert first["total"] == 3
    rest = visitor.get("explore", params={"limit": 2, "after": first["next"]}).json()
    found = [one["id"] for page in (first, rest) for one in page["results"]]
    assert len(set(found)) == 3
    assert rest["next"] is None
