"""Names for the people of the demo: the shopping is real, the names are made up, the same ones every time."""

from __future__ import annotations

FIRST = (  # noqa: SIM905 -- a list of names reads better as a sentence
    "Amara Ben Clara Daniel Elena Farid Grace Hugo Iris Jonas Kezia Leo Maya Nadia Oscar Priya Quinn Rosa Samir Tessa "
    "Umar Vera Walter Ximena Yusuf Zoe Adele Boris Chidi Dora Emil Freya Gita Hanna Ivan Julia Karim Lena Marta Nils"
).split()
LAST = (  # noqa: SIM905
    "Abbott Bell Castillo Dunn Eriksen Flores Grant Haddad Ibarra Jensen Kowalski Laurent Moreau Nakamura Okafor Park "
    "Quist Rivera Shah Tanaka Usman Varga Weiss Xu Young Zeller Alvarez Brandt Chen Duarte Ellis Fischer Gomez Hart "
    "Ito Jovanovic Kaplan Lindholm Mehta Novak Ortiz"
).split()


def name_of(number: int) -> str:
    """The made-up name of household `number`; the first 1,640 are all different."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
