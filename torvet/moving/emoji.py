"""The names that Slack, Mattermost and Discourse give to emoji, as the signs that they are."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rich.emoji import Emoji, NoEmoji

from torvet.base.text.characters import clean_line

# Where Slack's name is neither Unicode's nor the one that rich (which we have anyway) knows, or means another sign.
OWN = {
    "simple_smile": "🙂", "slightly_smiling_face": "🙂", "rofl": "🤣", "rolling_on_the_floor_laughing": "🤣",
    "upside_down_face": "🙃", "zipper_mouth_face": "🤐", "money_mouth_face": "🤑", "star-struck": "🤩",
    "face_with_raised_eyebrow": "🤨", "face_with_rolling_eyes": "🙄", "shushing_face": "🤫", "zany_face": "🤪",
    "face_with_hand_over_mouth": "🤭", "face_with_monocle": "🧐", "exploding_head": "🤯", "melting_face": "🫠",
    "saluting_face": "🫡", "face_holding_back_tears": "🥹", "dotted_line_face": "🫥", "face_in_clouds": "😶‍🌫️",
    "face_exhaling": "😮‍💨", "face_with_spiral_eyes": "😵‍💫", "face_with_diagonal_mouth": "🫤",
    "face_with_peeking_eye": "🫣", "face_with_open_eyes_and_hand_over_mouth": "🫢", "smiling_face_with_tear": "🥲",
    "smiling_face_with_3_hearts": "🥰", "slightly_frowning_face": "🙁", "white_frowning_face": "☹️",
    "hankey": "💩", "shit": "💩", "poop": "💩", "medal": "🎖️", "sports_medal": "🏅", "first_place_medal": "🥇",
    "second_place_medal": "🥈", "third_place_medal": "🥉", "champagne": "🍾", "knife_fork_plate": "🍽️",
    "the_horns": "🤘", "metal": "🤘", "i_love_you_hand_sign": "🤟", "spock-hand": "🖖", "fist_bump": "👊",
    "facepunch": "👊", "punch": "👊", "right-facing_fist": "🤜", "left-facing_fist": "🤛", "pinching_hand": "🤏",
    "pinched_fingers": "🤌", "heart_hands": "🫶", "palms_up_together": "🤲",
    "hand_with_index_finger_and_thumb_crossed": "🫰",
    "reversed_hand_with_middle_finger_extended": "🖕", "middle_finger": "🖕", "raised_hand_with_fingers_splayed": "🖐️",
    "facepalm": "🤦", "face_palm": "🤦", "man-facepalming": "🤦‍♂️", "woman-facepalming": "🤦‍♀️",
    "shrug": "🤷", "man-shrugging": "🤷‍♂️", "woman-shrugging": "🤷‍♀️",
    "man-raising-hand": "🙋‍♂️", "woman-raising-hand": "🙋‍♀️", "man-bowing": "🙇‍♂️", "woman-bowing": "🙇‍♀️",
    "man-gesturing-no": "🙅‍♂️", "woman-gesturing-no": "🙅‍♀️", "man-gesturing-ok": "🙆‍♂️", "woman-gesturing-ok": "🙆‍♀️",
    "man-tipping-hand": "💁‍♂️", "woman-tipping-hand": "💁‍♀️", "man-running": "🏃‍♂️", "woman-running": "🏃‍♀️",
    "man-walking": "🚶‍♂️", "woman-walking": "🚶‍♀️", "man-biking": "🚴‍♂️", "woman-biking": "🚴‍♀️",
    "male-technologist": "👨‍💻", "female-technologist": "👩‍💻", "technologist": "🧑‍💻", "male-teacher": "👨‍🏫",
    "female-teacher": "👩‍🏫", "male-office-worker": "👨‍💼", "female-office-worker": "👩‍💼", "male-scientist": "👨‍🔬",
    "female-scientist": "👩‍🔬", "male-doctor": "👨‍⚕️", "female-doctor": "👩‍⚕️", "male-construction-worker": "👷‍♂️",
    "female-construction-worker": "👷‍♀️", "male-detective": "🕵️‍♂️", "female-detective": "🕵️‍♀️",
    "man-cartwheeling": "🤸‍♂️", "woman-cartwheeling": "🤸‍♀️", "superhero": "🦸", "male_superhero": "🦸‍♂️",
    "female_superhero": "🦸‍♀️", "older_man": "👴", "older_woman": "👵", "ladybug": "🐞", "beetle": "🪲",
    "large_green_circle": "🟢", "large_yellow_circle": "🟡", "large_orange_circle": "🟠", "large_purple_circle": "🟣",
    "large_brown_circle": "🟤", "large_blue_circle": "🔵", "red_circle": "🔴", "large_green_square": "🟩",
    "large_red_square": "🟥", "large_yellow_square": "🟨", "large_blue_square": "🟦", "large_orange_square": "🟧",
    "keycap_ten": "🔟", "hash": "#️⃣", "keycap_star": "*️⃣", "heavy_heart_exclamation_mark_ornament": "❣️",
    "mending_heart": "❤️‍🩹", "heart_on_fire": "❤️‍🔥", "smile": "😄", "pencil": "📝", "memo": "📝", "calendar": "📆",
    "date": "📅", "book": "📖", "house": "🏠", "train": "🚋", "dog": "🐶", "cat": "🐱", "mouse": "🐭", "tiger": "🐯",
    "cow": "🐮", "pig": "🐷", "whale": "🐳", "egg": "🥚", "fried_egg": "🍳", "cooking": "🍳", "lips": "👄", "sos": "🆘",
    "email": "📧", "phone": "☎️", "computer": "💻", "satellite": "🛰️", "rainbow-flag": "🏳️‍🌈", "pirate_flag": "🏴‍☠️",
    "flag-england": "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "flag-scotland": "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "flag-wales": "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "us": "🇺🇸", "gb": "🇬🇧", "uk": "🇬🇧", "de": "🇩🇪",
    "fr": "🇫🇷", "es": "🇪🇸", "it": "🇮🇹", "jp": "🇯🇵", "kr": "🇰🇷", "cn": "🇨🇳", "ru": "🇷🇺", "dk": "🇩🇰", "no": "🇳🇴",
    "se": "🇸🇪", "nl": "🇳🇱", "fi": "🇫🇮",
}  # fmt: skip
TONES = {
    "skin-tone-2": "🏻",
    "skin-tone-3": "🏼",
    "skin-tone-4": "🏽",
    "skin-tone-5": "🏾",
    "skin-tone-6": "🏿",
}
CODE = re.compile(r"(?<!\w):([a-z0-9_+'-]{1,60}?)(?:::(skin-tone-[2-6]))?:(?!\w)")
LONGEST = 64  # characters of a reaction
_PICTURE = "\ufe0f"  # "as a picture": without it some signs are drawn as letters
_FLAG = re.compile(r"flag-([a-z]{2})")
# Signs outside the first plane that are letters until told otherwise; in the first plane it is the other way round.
_LETTERS = (
    (0x1F170, 0x1F171), (0x1F17E, 0x1F17F), (0x1F202, 0x1F202), (0x1F237, 0x1F237), (0x1F321, 0x1F321),
    (0x1F324, 0x1F32C), (0x1F336, 0x1F336), (0x1F37D, 0x1F37D), (0x1F396, 0x1F397), (0x1F399, 0x1F39B),
    (0x1F39E, 0x1F39F), (0x1F3CB, 0x1F3CE), (0x1F3D4, 0x1F3DF), (0x1F3F3, 0x1F3F3), (0x1F3F5, 0x1F3F5),
    (0x1F3F7, 0x1F3F7), (0x1F43F, 0x1F43F), (0x1F441, 0x1F441), (0x1F4FD, 0x1F4FD), (0x1F549, 0x1F54A),
    (0x1F56F, 0x1F570), (0x1F573, 0x1F579), (0x1F587, 0x1F587), (0x1F58A, 0x1F58D), (0x1F590, 0x1F590),
    (0x1F5A5, 0x1F5A5), (0x1F5A8, 0x1F5A8), (0x1F5B1, 0x1F5B2), (0x1F5BC, 0x1F5BC), (0x1F5C2, 0x1F5C4),
    (0x1F5D1, 0x1F5D3), (0x1F5DC, 0x1F5DE), (0x1F5E1, 0x1F5E1), (0x1F5E3, 0x1F5E3), (0x1F5E8, 0x1F5E8),
    (0x1F5EF, 0x1F5EF), (0x1F5F3, 0x1F5F3), (0x1F5FA, 0x1F5FA), (0x1F6CB, 0x1F6CB), (0x1F6CD, 0x1F6CF),
    (0x1F6E0, 0x1F6E5), (0x1F6E9, 0x1F6E9), (0x1F6F0, 0x1F6F0), (0x1F6F3, 0x1F6F3),
)  # fmt: skip
_PICTURES = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽"
    "⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)


@lru_cache(maxsize=4096)
def sign_of(name: str) -> str:
    """The sign with this name ("tada", "+1::skin-tone-3", "flag-dk"), or "" when only its own workspace knows it."""
    plain, _, tone = name.strip(":").casefold().partition("::")
    sign = OWN.get(plain) or _flag(plain) or _known(plain)
    if not sign or tone not in TONES:
        return _as_picture(sign)
    return sign[0] + TONES[tone] + sign[1:].removeprefix(_PICTURE)


def reaction_of(name: str) -> str:
    """What is stored of a reaction: the sign, or `:name:` where there is none."""
    return sign_of(name) or f":{clean_line(name).strip(':')[: LONGEST - 2]}:"


def sign_of_points(points: str, tone: str = "") -> str:
    """The sign written as "1f468-200d-1f4bb", or "" when that is no sign."""
    try:
        sign = "".join(chr(int(point, 16)) for point in points.split("-"))
    except (ValueError, OverflowError):
        return ""
    if (
        not sign
        or len(sign) > 12
        or any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} for letter in sign)
    ):
        return ""
    return _as_picture(sign[0] + TONES.get(tone, "") + sign[1:])


def with_signs(text: str) -> str:
    """The text with every `:name:` that is known as its sign."""
    if ":" not in text:
        return text
    return CODE.sub(lambda match: sign_of(match.group().strip(":")) or match.group(), text)


def _flag(name: str) -> str:
    match = _FLAG.fullmatch(name)
    return "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in match[1]) if match else ""


def _known(name: str) -> str:
    if not name.isascii():
        return ""
    try:
        return str(Emoji(name))
    except NoEmoji:
        pass
    try:
        found = unicodedata.lookup(name.replace("_", " ").replace("-", " "))
    except KeyError:
        return ""
    return found if ord(found[0]) >= 0x1F000 else ""


def _as_picture(sign: str) -> str:
    if len(sign) != 1 or not unicodedata.category(sign).startswith("S"):
        return sign
    point = ord(sign)
    if point < 0x10000:
        is_letter = sign not in _PICTURES
    else:
        is_letter = any(first <= point <= last for first, last in _LETTERS)
    return sign + _PICTURE if is_letter else sign
