"""TOPSIS with ranking in numpy and in pymcdm on the matrix of a file; JSON on standard output."""
import json
import sys
import time

import numpy as np

rows, columns, rounds = (int(word) for word in sys.argv[2:5])
matrix = np.fromfile(sys.argv[1], dtype=np.float64).reshape(rows, columns)
weights = np.full(columns, 1 / columns)
benefit = np.arange(columns) % 2 == 0


def scores_of(values):
    weighted = values / np.sqrt((values * values).sum(axis=0)) * weights
    best = np.where(benefit, weighted.max(axis=0), weighted.min(axis=0))
    worst = np.where(benefit, weighted.min(axis=0), weighted.max(axis=0))
    to_best = np.sqrt(((weighted - best) ** 2).sum(axis=1))
    to_worst = np.sqrt(((weighted - worst) ** 2).sum(axis=1))
    return to_worst / (to_best + to_worst)


def ranks_of(scores):
    """Ties share the best rank."""
    return 1 + scores.size - np.searchsorted(np.sort(scores), scores, side="right")


def timed(work):
    times = []
    for _ in range(rounds + 2):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return times[2:]


scores = scores_of(matrix)
scores.tofile(sys.argv[1] + ".scores")
answer = {"numpy": {"ms": timed(lambda: ranks_of(scores_of(matrix))), "version": np.__version__}}
try:
    import importlib.metadata
    from pymcdm.methods import TOPSIS
    from pymcdm.normalizations import vector_normalization

    types = np.where(benefit, 1, -1)
    method = TOPSIS(vector_normalization)
    for name, validation in (("pymcdm", True), ("pymcdm_unchecked", False)):
        answer[name] = {
            "ms": timed(lambda: method.rank(method(matrix, weights, types, validation=validation)))[: 3 if validation else rounds],
            "version": importlib.metadata.version("pymcdm"),
        }
except ImportError:
    pass
print(json.dumps(answer))
