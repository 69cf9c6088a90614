"""One sweep of explicit ALS in numpy with LAPACK, and implicit's own, on the ratings of a file; JSON on standard output."""
import json
import sys
import time

import numpy as np
from scipy.linalg.lapack import dposv

users, items, k, sweeps = (int(word) for word in sys.argv[2:6])
entries = np.fromfile(sys.argv[1], dtype=np.float64)
count = (entries.size - (users + items) * k) // 3
user_of, item_of = entries[:count].astype(np.int64), entries[count : 2 * count].astype(np.int64)
values = entries[2 * count : 3 * count]
factors = entries[3 * count :]
LAMBDA = 0.1


def grouped(rows, row_of, other_of):
    order = np.argsort(row_of, kind="stable")
    cuts = np.searchsorted(row_of[order], np.arange(rows + 1))
    return [(other_of[order[a:b]], values[order[a:b]]) for a, b in zip(cuts[:-1], cuts[1:])]


def half(side, factors, fixed):
    ridge = LAMBDA * np.eye(k)
    for row, (others, ratings) in enumerate(side):
        near = fixed[others]
        factors[row] = dposv(near.T @ near + ridge, near.T @ ratings, lower=0)[1]


def with_numpy():
    x = factors[: users * k].reshape(users, k).copy()
    y = factors[users * k :].reshape(items, k).copy()
    by_user, by_item = grouped(users, user_of, item_of), grouped(items, item_of, user_of)
    times, processor = [], []
    for _ in range(sweeps):
        began, ran = time.perf_counter(), time.process_time()
        half(by_user, x, y)
        half(by_item, y, x)
        times.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - ran))
    errors = values - np.einsum("ij,ij->i", x[user_of], y[item_of])
    loss = float(errors @ errors + LAMBDA * ((x * x).sum() + (y * y).sum()))
    return {"ms": times, "cpu_ms": processor, "loss": loss, "version": np.__version__}


def with_implicit(threads):
    import implicit
    from implicit.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix

    matrix = csr_matrix((values, (user_of, item_of)), shape=(users, items))
    marks = []
    model = AlternatingLeastSquares(
        factors=k, regularization=LAMBDA, alpha=1.0, dtype=np.float64, use_native=True, use_cg=False,
        iterations=sweeps, num_threads=threads, random_state=1, use_gpu=False,
    )
    model.fit(matrix, show_progress=False, callback=lambda *_: marks.append(time.perf_counter()))
    return {"ms": [1000 * (b - a) for a, b in zip(marks, marks[1:])], "version": implicit.__version__}


answer = {"numpy": with_numpy()}
for threads in (1, 2):
    try:
        answer[f"implicit{threads}"] = with_implicit(threads)
    except ImportError:
        pass
print(json.dumps(answer))
