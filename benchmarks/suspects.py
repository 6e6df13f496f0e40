"""How many misnamed examples are found, and how much of what is found is misnamed.

    python benchmarks/suspects.py [DATA]     (as for benchmarks/naming.py)

Of up to 40 faces of each character some are given another character's name, by chance; prints sums over the draws,
for several margins beside the one that is used. Without DATA, painted characters stand in; they are far easier.
"""

import sys
from pathlib import Path

import numpy as np
from naming import unseen

from ml.naming.examples import Examples
from ml.training import suspects

DRAWS = 20
MARGINS = (0.0, 0.1, suspects.MARGIN, 0.3)


def draw(faces: Examples, *, each: int, misnamed: float, margin: float, seed: int) -> tuple[int, int, int]:
    """How many faces were misnamed, how many looked wrong, and how many were both."""
    random = np.random.default_rng(seed)
    names = np.array(faces.names)
    known = np.unique(names)
    kept = np.concatenate([random.permutation(np.flatnonzero(names == name))[:each] for name in known])
    examples = faces.where(np.isin(np.arange(len(names)), kept))
    true = np.array(examples.names)
    said = true.copy()
    for face in np.flatnonzero(random.random(len(true)) < misnamed):
        said[face] = random.choice(known[known != true[face]])
    examples = Examples(examples.embeddings, tuple(map(str, said)), examples.pictures)
    found = suspects.suspects(examples, range(len(true)), margin=margin)
    return int((said != true).sum()), len(found), sum(bool(said[each.face] != true[each.face]) for each in found)


def main() -> None:
    """Print the table."""
    faces, _ = unseen(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    print(f"{len(faces)} faces of {len(set(faces.names))} characters, {DRAWS} draws")
    print("faces each | misnamed | margin | misnamed faces found | found faces misnamed")
    for each, misnamed in ((5, 0.1), (20, 0.1), (40, 0.1), (40, 0.25)):
        for margin in MARGINS:
            draws = [draw(faces, each=each, misnamed=misnamed, margin=margin, seed=seed) for seed in range(DRAWS)]
            wrong, found, both = (sum(column) for column in zip(*draws, strict=True))
            print(
                f"{each:>10} | {misnamed:>8.0%} | {margin:>6} | {both:>4} of {wrong:>4} ({both / max(1, wrong):.0%}) | "
                f"{both:>4} of {found:>4} ({both / max(1, found):.0%})",
                flush=True,
            )


if __name__ == "__main__":
    main()
