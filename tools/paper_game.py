"""The painter-and-dealer game on paper, played by its own rules: what the teacher can expect.

A frog is a square of a 6 × 6 board: how broad it is (A to F) and how many spots it has (1 to 6).
Originals live in three villages of four squares. The painter's whole skill is a table: for each
face of a die, one frog. `tools/cards.py` prints the cards; `tests/test_teach.py` plays the game.

usage: python tools/paper_game.py    play 500 games by each rule and print what came of them
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

Square = tuple[int, int]  # (column, row), each 0 to 5: A1 is (0, 0)

VILLAGES: dict[str, tuple[Square, ...]] = {
    "slim, with many spots": ((0, 4), (0, 5), (1, 4), (1, 5)),
    "rather slim, with few spots": ((1, 0), (1, 1), (2, 0), (2, 1)),
    "broad, with many spots": ((4, 3), (4, 4), (5, 3), (5, 4)),
}
DECK = [square for village in VILLAGES.values() for square in village for _ in range(2)]
START: Square = (3, 2)  # D3: what the painter paints for every face before the first round
FACES, ROUNDS = 6, 8
RULES = ("one after the other", "all at once", "asleep")


def name(square: Square) -> str:
    """The name of a square, such as "D3"."""
    return f"{'ABCDEF'[square[0]]}{square[1] + 1}"


@dataclass
class Game:
    """One game: who paints what, what the dealer has seen, how often he was right.

    Attributes:
        table: the painter's frog for each face.
        circles: the originals that the dealer has seen.
        crosses: the forgeries that he saw in the last round, moved as he told the painter.
        right: for each round, the share of twelve verdicts that were right.
    """

    table: list[Square] = field(default_factory=lambda: [START] * FACES)
    circles: list[Square] = field(default_factory=list)
    crosses: list[Square] = field(default_factory=list)
    right: list[float] = field(default_factory=list)

    def villages(self) -> int:
        """How many villages have at least one forgery."""
        return sum(any(frog in village for frog in self.table) for village in VILLAGES.values())


def near(square: Square, marks: Iterable[Square]) -> int:
    """How many marks lie on a square and the eight around it."""
    return sum(max(abs(square[0] - x), abs(square[1] - y)) <= 1 for x, y in marks)


def lean(square: Square, circles: list[Square], crosses: Iterable[Square]) -> float:
    """Circles a round minus crosses, on a square and around it: above 0 he believes."""
    rounds = max(1, len(circles) // FACES)
    return near(square, circles) / rounds - near(square, crosses)


def arrow(
    frog: Square, circles: list[Square], others: list[Square], chance: random.Random
) -> Square:
    """Where the dealer sends a forgery: to a neighbouring square, or nowhere (he believes it).

    Args:
        frog: where it is.
        circles: the originals that he has seen.
        others: the painter's other five frogs.
        chance: decides between equals.
    """
    x, y = frog
    beside = [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
    squares = [frog, *(s for s in beside if 0 <= s[0] < 6 and 0 <= s[1] < 6)]
    leans = [lean(square, circles, others) for square in squares]
    best = max(leans)
    if leans[0] == best and best > 0:
        return frog
    if best > leans[0]:
        return chance.choice([s for s, value in zip(squares, leans, strict=True) if value == best])
    # flat ground: towards the nearest circle where he would still believe a forgery
    free = [c for c in circles if lean(c, circles, others) > 0] or circles
    away = lambda a, b: abs(a[0] - b[0]) + abs(a[1] - b[1])
    goal = min(free, key=lambda c: (away(c, frog), chance.random()))
    return min(squares, key=lambda s: (away(s, goal), chance.random()))


def play(seed: int, rule: str = RULES[0], rounds: int = ROUNDS) -> Game:
    """Play one game.

    Args:
        seed: decides all that is random.
        rule: "one after the other": each frog moves before the next arrow is given; "all at
            once": all six arrows come from the same chart; "asleep": after the first round the
            dealer draws nothing more.
        rounds: how many.
    """
    chance, game = random.Random(seed), Game()
    for number in range(rounds):
        originals = chance.sample(DECK, FACES)
        right = 0
        for square, real in [(s, True) for s in originals] + [(s, False) for s in game.table]:
            opinion = lean(square, game.circles, game.crosses)
            right += (opinion > 0 if opinion else chance.random() < 0.5) == real
        game.right.append(right / (2 * FACES))
        draws = rule != "asleep" or number == 0
        if draws:
            game.circles += originals
            game.crosses = list(game.table)
        seen, table = list(game.table), list(game.table)
        for face in chance.sample(range(FACES), FACES):
            crosses = {"one after the other": table, "all at once": seen}.get(rule)
            others = game.crosses if crosses is None else crosses[:face] + crosses[face + 1 :]
            table[face] = arrow(table[face], game.circles, others, chance)
        game.table = table
        if draws:
            game.crosses = list(table)  # each cross has moved with its frog
    return game


def main() -> None:
    """Print what came of 500 games by each rule."""
    for rule in RULES:
        games = [play(seed, rule) for seed in range(500)]
        found = [sum(g.villages() == n for g in games) / len(games) for n in range(4)]
        right = [sum(g.right[r] for g in games) / len(games) for r in range(ROUNDS)]
        print(f"{rule}: villages found 0 to 3:", " ".join(f"{share:.0%}" for share in found))
        print("  verdicts right, round by round:", " ".join(f"{share:.0%}" for share in right))


if __name__ == "__main__":
    main()
