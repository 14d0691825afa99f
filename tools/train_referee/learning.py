"""Logistic regression, the same for the mirrored phrase; and the networks, which referee_learn teaches."""
import dataclasses
import subprocess
import threading

import numpy as np

PARTS = 4  # of the dates; each network learns without one


def logistic(log_odds):
    return 1 / (1 + np.exp(-log_odds))


def fit(inputs, truth, ridge, centre, share=1.0):
    """Logistic regression without a constant, pulled towards `centre` (Newton's method). share: of each row."""
    weights = centre.copy()
    for _ in range(50):
        p = logistic(inputs @ weights)
        slope = inputs.T @ (share * (p - truth)) + ridge * (weights - centre)
        curve = (inputs * (share * p * (1 - p))[:, None]).T @ inputs + np.diag(np.broadcast_to(ridge, len(weights)))
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-10:
            break
    return weights


def alike_by_date(date):
    """Shares of rows that make all dates count the same."""
    _, which, count = np.unique(date, return_inverse=True, return_counts=True)
    return len(date) / len(count) / count[which]


def parts_of(dates):
    """A part for each row: whole dates, about as many phrases in each."""
    names, count = np.unique(dates, return_counts=True)
    size, part = np.zeros(PARTS), {}
    for at in np.lexsort((names, -count)):
        part[names[at]] = int(size.argmin())
        size[part[names[at]]] += count[at]
    return np.array([part[date] for date in dates])


@dataclasses.dataclass
class Network:
    text: str     # its lines of the weights
    answers: dict  # by the ids of phrases that it was not taught


def teach(program, files, phrases, orders):
    """phrases: (id, part, label); orders: (seed, parts that are left out). Two at once."""
    plan = "".join(f"phrase {id} {part} {label}\n" for id, part, label in phrases)
    running = []
    for half in (0, 1):
        process = subprocess.Popen([program, *files], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process.stdin.write(plan + "".join(f"network {seed} {' '.join(map(str, without))}\n"
                                           for seed, without in orders[half::2]))
        process.stdin.close()
        running.append(process)
    # Both are read at once: the pipe of one that waits is small.
    said = [None, None]
    readers = [threading.Thread(target=lambda i=i: said.__setitem__(i, running[i].stdout.read())) for i in (0, 1)]
    for reader in readers:
        reader.start()
    for reader, process in zip(readers, running):
        reader.join()
        if process.wait() != 0:
            raise SystemExit("referee_learn failed")
    out = [None] * len(orders)
    for half in (0, 1):
        out[half::2] = [network_of(block) for block in said[half].split("\n\n") if block.strip()]
    return out


def network_of(block):
    lines = block.splitlines()
    answers = [line.split() for line in lines if line.startswith("answer ")]
    text = "".join(line + "\n" for line in lines if not line.startswith("answer "))
    return Network(text, {id: float(left) for _, id, left in answers})
