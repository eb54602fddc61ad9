"""Names for many people, in three alphabets' worth of letters."""

from typing import Final

FIRST: Final = (
    "Milda", "Tomas", "Елена", "Aino", "Žydrūnas", "Калина", "Oskari", "Dovilė", "Щерьо", "Päivi", "Ąžuolas", "Надежда",
    "Väinö", "Ūla", "Ъглен", "Äijä", "Ieva", "Стоян", "Hanna", "Jurgis", "Мария", "Ville", "Šarūnė",
)  # fmt: skip
LAST: Final = (
    "Kazlauskas", "Георгиев", "Virtanen", "Žukauskas", "Щерев", "Mäkinen", "Petrauskas", "Колев", "Hämäläinen",
    "Stankevičius", "Илиев", "Järvinen", "Vaičiūnas", "Ърменков", "Lehtonen", "Jankauskas", "Димитров", "Äijälä",
    "Čepaitis", "Ангелов", "Nieminen", "Šimkus", "Янков", "Korhonen", "Žemaitis", "Стоянов", "Pöyhönen",
)  # fmt: skip


def name_of(number: int) -> str:
    """Return the name of a person; the first 621 people have different ones."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
