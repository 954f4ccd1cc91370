"""Words for suggested aliases, by language: adjectives and animals that go with each other in any pair.

Russian and Arabic nouns are all masculine, so that every adjective agrees with every one of them.
"""

from __future__ import annotations

WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("Quiet", "Merry", "Swift", "Brave", "Gentle", "Curious", "Sunny", "Clever", "Humble", "Lucky", "Golden",
         "Early", "Patient", "Cheerful", "Nimble", "Wise"),
        ("Otter", "Heron", "Badger", "Fox", "Robin", "Hedgehog", "Owl", "Hare", "Beaver", "Swallow", "Lynx", "Salmon",
         "Magpie", "Deer", "Finch", "Squirrel"),
    ),
    "ru": (
        ("Тихий", "Весёлый", "Быстрый", "Смелый", "Добрый", "Любопытный", "Солнечный", "Умный", "Скромный",
         "Удачливый", "Золотой", "Ранний", "Терпеливый", "Бодрый", "Ловкий", "Мудрый"),
        ("Барсук", "Ёж", "Филин", "Заяц", "Бобёр", "Стриж", "Олень", "Дрозд", "Воробей", "Енот", "Снегирь", "Лис",
         "Журавль", "Скворец", "Хомяк", "Дельфин"),
    ),
    "ar": (
        ("الهادئ", "المرح", "السريع", "الشجاع", "اللطيف", "الفضولي", "المشرق", "الذكي", "المتواضع", "المحظوظ",
         "الذهبي", "المبكر", "الصبور", "البشوش", "الرشيق", "الحكيم"),
        ("الثعلب", "القنفذ", "البلبل", "الأرنب", "القندس", "السنونو", "الغزال", "الدلفين", "الصقر", "الهدهد",
         "العصفور", "الوشق", "الكركي", "الحصان", "الجمل", "النحل"),
    ),
}  # fmt: skip
