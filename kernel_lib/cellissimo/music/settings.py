"""Settings of a loop before they are written: each is checked, and each row sounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cellissimo.music.row import Setting
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema import checks, limits
from cellissimo.schema.sounds import known_sound

if TYPE_CHECKING:
    from cellissimo.music.loop import Loop


def checked_settings(
    loop: Loop, settings: Mapping[str, Setting | None]
) -> dict[str, Setting | None]:
    """The settings as they are stored, by the row's own name.

    Raises:
        CellissimoError: no such setting, a value out of range, or a row that nothing sounds on.
    """
    checked = dict(_checked(loop, key, value) for key, value in settings.items())
    for target in {key.partition(".")[0] for key in checked} - {limits.MASTER}:
        if checked.get(f"{target}.{SOUND_KEY}") is None:
            loop[target].checked_name()
    return checked


def parts_of(key: object) -> tuple[str, str]:
    """Target and parameter of a setting's key. Raises: LimitError where it has not both."""
    target, _, parameter = key.partition(".") if isinstance(key, str) else ("", "", "")
    if not parameter:
        message = f"{key!r} is no setting; write target.section.parameter: 'kick.amp.level'"
        raise checks.LimitError(message)
    return target, parameter


def _checked(loop: Loop, key: str, value: Setting | None) -> tuple[str, Setting | None]:
    target, parameter = parts_of(key)
    if target != limits.MASTER:
        target = checks.row_name(loop[target].name)
    checks.known_setting(parameter)
    stored = None if value is None else checks.setting(target, parameter, value)
    if parameter == SOUND_KEY and stored is not None:
        stored = known_sound(stored).id
    return f"{target}.{parameter}", stored
