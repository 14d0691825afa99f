"""Logistic regression, and a comparison with examples; both the same for the mirrored phrase."""
import numpy as np

EXAMPLES = 300
ROUNDS = 10      # of the search for examples
WIDTH = 0.4      # of the median squared distance of two phrases: at that distance they are half as alike as they can be
RIDGE = 0.3      # pull of the comparison towards saying nothing
FLATTEST = 1e-4  # directions with less of the greatest variance than this are left out


def logistic(log_odds):
    return 1 / (1 + np.exp(-log_odds))


def fit(inputs, truth, ridge, centre):
    """Logistic regression without a constant, pulled towards `centre` (Newton's method)."""
    weights = centre.copy()
    for _ in range(50):
        p = logistic(inputs @ weights)
        slope = inputs.T @ (p - truth) + ridge * (weights - centre)
        curve = (inputs * (p * (1 - p))[:, None]).T @ inputs + np.diag(np.broadcast_to(ridge, len(weights)))
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-10:
            break
    return weights


def apart(one, other):
    """Squared distances of the rows of one to those of the other."""
    squares = (one**2).sum(1)[:, None] + (other**2).sum(1) - 2 * one @ other.T
    return np.maximum(squares, 0)


def flat(phrases):
    return phrases.reshape(len(phrases), -1)


def rows_of(moved):
    return moved.reshape(-1, *moved.shape[2:])


def mirrored(phrases):
    return phrases[:, ::-1]


def find_examples(phrases, random):
    """Means of phrases that are alike, where a phrase may be taken for its mirror image (k-means)."""
    one, other = flat(phrases), flat(mirrored(phrases))
    examples = one[random.permutation(len(one))[:EXAMPLES]]
    for _ in range(ROUNDS):
        to_one, to_other = apart(one, examples), apart(other, examples)
        turn = to_other.min(1) < to_one.min(1)
        nearest = np.where(turn, to_other.argmin(1), to_one.argmin(1))
        turned = np.where(turn[:, None], other, one)
        for i in range(EXAMPLES):
            if (nearest == i).any():
                examples[i] = turned[nearest == i].mean(0)
    return examples.reshape(-1, *phrases.shape[1:])


class Comparison:
    """How alike a phrase is to each of some examples, and to their mirror images (Comparison of weights.h).

    moved: phrases x moments x fencers x waves, as they are measured at the touch and at moments near it, which all
    teach the same. joints: which joint's waves of which kind each is, for they are scaled together; speeds: which
    are of speeds, the others are of places.
    """

    def __init__(self, moved, truth, joints, speeds):
        values = moved[:, 0]
        self.kinds = [speeds, ~speeds]
        variance = np.array([(values[:, :, joints == joint] ** 2).mean() for joint in joints])
        examples = find_examples(rows_of(moved) / np.sqrt(variance), np.random.default_rng(1)) * np.sqrt(variance)
        self.examples = np.round(examples, 2)
        self.nearness = 1 / variance
        for kind in self.kinds:
            rows = flat(values[:, :, kind] * np.sqrt(self.nearness[kind]))
            self.nearness[kind] /= WIDTH * np.median(apart(rows, rows))
        self.left = self.learn(moved, truth, -1)[0]

    def likeness(self, values):
        out = 0
        for kind in self.kinds:
            scale = np.sqrt(self.nearness[kind])
            out = out + 0.5 / (1 + apart(flat(values[:, :, kind] * scale), flat(self.examples[:, :, kind] * scale)))
        return out

    def compare(self, values, sign):
        """sign: -1 for what turns round in the mirror, 1 for what is the same there."""
        return self.likeness(values) + sign * self.likeness(mirrored(values))

    def learn(self, moved, truth, sign):
        """Weights of the examples, and a constant for what is the same in the mirror."""
        spread, directions = np.linalg.eigh(self.compare(self.examples, sign))
        kept = spread > FLATTEST * spread.max()
        whiten = directions[:, kept] / np.sqrt(spread[kept])
        values, truth = rows_of(moved), np.repeat(truth, moved.shape[1])
        inputs = np.hstack([self.compare(values, sign) @ whiten, np.full((len(values), 1), sign > 0)])
        ridge = np.append(np.full(kept.sum(), RIDGE), 1e-6)
        weights = fit(inputs, truth, ridge, np.zeros(len(ridge)))
        return whiten @ weights[:-1], weights[-1]

    def score(self, values):
        return self.compare(values, -1) @ self.left
