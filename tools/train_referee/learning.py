"""Logistic regression, and a comparison with examples; both the same for the mirrored phrase."""
import numpy as np

SLOW = {"speed": 10, "place": 5}  # waves of each joint by which whole bodies are compared
WIDTH = 0.4      # of the median squared distance of two phrases: at that distance they are half as alike as they can be
TEACHER_RIDGE = 1.4  # pull of the teacher towards saying nothing
MIXES = 6000     # invented phrases that are taught beside the recorded ones
MIXED = 3        # recorded phrases in each of them
SPREAD = 0.3     # standard deviation of the logarithm of how far from the mean a mix is moved
EXAMPLES = 200
FIRST_RIDGE = 0.16  # pull of the examples' first weights towards nothing
STEPS, BATCH, RATE = 1000, 128, 0.02  # of the improvement of examples and weights
SIMULTANEOUS_RIDGE = 1.2
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


def mirrored(phrases):
    return phrases[:, ::-1]


class Ways:
    """By what phrases are compared (Comparison of weights.h): speeds and places of the hips and the front hand, and of
    the whole body.

    Here and below phrases are phrases x fencers x waves, divided by `scale`: so every joint's waves have the same
    variance. `reach`: what makes distances in the four ways alike.
    """

    def __init__(self, values, names):
        words = [name.split("_") for name in names]
        joints = np.array(["_".join(word[:-1]) for word in words])
        speeds = np.array([word[-2] == "speed" for word in words])
        hand = np.char.startswith(joints, "hips_") | np.char.startswith(joints, "front_hand_")
        slow = np.array([int(word[-1]) < SLOW[word[-2]] for word in words])
        self.scale = np.sqrt([(values[:, :, joints == joint] ** 2).mean() for joint in joints])
        self.waves = [np.flatnonzero(part & kind) for part in (hand, slow) for kind in (speeds, ~speeds)]
        self.reach = np.ones(len(self.waves))
        seen = self.seen(values / self.scale)
        self.reach = np.array([1 / np.sqrt(WIDTH * np.median(apart(rows, rows))) for rows in seen])

    def seen(self, phrases):
        """What each way sees of them, in units of its reach."""
        return [flat(phrases[:, :, waves]) * reach for waves, reach in zip(self.waves, self.reach)]

    def likeness(self, phrases, others):
        return sum(1 / (1 + apart(one, other)) for one, other in zip(self.seen(phrases), self.seen(others)))

    def compare(self, phrases, others, sign=-1):
        """sign: -1 for what turns round in the mirror, 1 for what is the same there."""
        return self.likeness(phrases, others) + sign * self.likeness(mirrored(phrases), others)

    def nearness(self, ways):
        """By wave, for a pair of ways that see different waves."""
        out = np.zeros(len(self.scale))
        for way in ways:
            out[self.waves[way]] = (self.reach[way] / self.scale[self.waves[way]]) ** 2
        return out


class Teacher:
    """A comparison with all phrases (least squares). It could only be used where these are; so it teaches.

    moved: phrases x moments x fencers x waves: five moments, the touch in the middle. Answers are the mean over a
    moment and its neighbours, of comparisons with the recorded phrases at the three moments in the middle: they hang
    less on the clock.
    """

    def __init__(self, ways, moved):
        self.ways, self.moved = ways, moved
        at = [self.compare(moved[:, i]) for i in range(5)]
        self.recorded = [np.mean(at[i - 1 : i + 2], 0) for i in (1, 2, 3)]
        random = np.random.default_rng(3)
        mixes = self.mix(random)
        moment = random.integers(1, 4, MIXES)
        self.mixes = mixes[np.arange(MIXES), moment]
        self.mixed = np.mean([self.compare(mixes[np.arange(MIXES), moment + i]) for i in (-1, 0, 1)], 0)

    def compare(self, phrases):
        """With each recorded phrase."""
        return np.mean([self.ways.compare(phrases, self.moved[:, i]) for i in (1, 2, 3)], 0)

    def mix(self, random):
        """Sums of recorded phrases, each either way round, that are spread about the mean as these are."""
        every = np.concatenate([self.moved, self.moved[:, :, ::-1]])
        mean = every.mean((0, 1))
        shares = np.abs(random.standard_normal((MIXES, MIXED)))
        shares /= np.sqrt((shares**2).sum(1, keepdims=True))
        shares *= np.exp(SPREAD * random.standard_normal((MIXES, 1)))
        parents = random.integers(0, len(every), (MIXES, MIXED))
        self.parents = parents % len(self.moved)
        return mean + sum(shares[:, i, None, None, None] * (every[parents[:, i]] - mean) for i in range(MIXED))

    def lessons(self, rows, truth):
        """Phrases made of `rows` alone, mixes first, and what a teacher says of them that knows no others."""
        known = np.flatnonzero(rows)
        among = self.recorded[1][np.ix_(known, known)]
        weights = np.linalg.solve(among + TEACHER_RIDGE * np.eye(len(known)), 2 * truth[known] - 1)
        mixes = rows[self.parents].all(1)
        phrases = [self.mixes[mixes], *(self.moved[known, i] for i in (1, 2, 3))]
        answers = [self.mixed[mixes][:, known] @ weights]
        answers += [each[np.ix_(known, known)] @ weights for each in self.recorded]
        return np.concatenate(phrases), np.concatenate(answers)


class Descent:
    """Steps against a slope, as long as it lasts (Adam), ever shorter."""

    def __init__(self, value, rate):
        self.value, self.rate = value, rate
        self.slope, self.square = np.zeros_like(value), np.zeros_like(value)

    def step(self, slope, number):
        self.slope += 0.1 * (slope - self.slope)
        self.square += 0.01 * (slope**2 - self.square)
        rate = self.rate * 0.5 * (1 + np.cos(np.pi * number / STEPS))
        size = np.sqrt(self.square / (1 - 0.99**number)) + 1e-10
        self.value -= rate * self.slope / (1 - 0.9**number) / size


class Comparison:
    """How alike a phrase is to each of some examples, and to their mirror images (Comparison of weights.h).

    The examples begin as the first of the phrases and are moved until the comparison says what the teacher says.
    """

    def __init__(self, ways, phrases, answers):
        """As Teacher.lessons returns them."""
        self.ways = ways
        self.examples = phrases[:EXAMPLES].copy()
        inputs = ways.compare(phrases, self.examples)
        self.left = np.linalg.solve(inputs.T @ inputs + FIRST_RIDGE * np.eye(EXAMPLES), inputs.T @ answers)
        self.improve(phrases, answers)
        self.examples = np.round(self.examples * ways.scale, 2) / ways.scale  # as they are written

    def improve(self, phrases, answers):
        random = np.random.default_rng(1)
        as_is, turned = self.ways.seen(phrases), self.ways.seen(mirrored(phrases))
        examples = Descent(self.examples, RATE)
        left = Descent(self.left, RATE * np.abs(self.left).mean())
        for number in range(1, STEPS + 1):
            rows = random.integers(0, len(phrases), BATCH)
            slopes = self.slopes([each[rows] for each in as_is], [each[rows] for each in turned], answers[rows])
            examples.step(slopes[0], number)
            left.step(slopes[1], number)

    def slopes(self, as_is, turned, answers):
        """Of half the mean squared error: by examples and by left."""
        known = self.ways.seen(self.examples)
        alike = [1 / (1 + apart(one, other)) for one, other in zip(as_is, known)]
        unlike = [1 / (1 + apart(one, other)) for one, other in zip(turned, known)]
        compared = sum(alike) - sum(unlike)
        error = (compared @ self.left - answers) / len(answers)
        pull = 2 * error[:, None] * self.left
        by_examples = np.zeros_like(self.examples)
        for way, (waves, reach) in enumerate(zip(self.ways.waves, self.ways.reach)):
            one, other = pull * alike[way] ** 2, -pull * unlike[way] ** 2
            slope = one.T @ as_is[way] + other.T @ turned[way] - (one + other).sum(0)[:, None] * known[way]
            by_examples[:, :, waves] += reach * slope.reshape(EXAMPLES, 2, -1)
        return by_examples, compared.T @ error

    def score(self, phrases):
        return self.ways.compare(phrases, self.examples) @ self.left

    def alike(self, phrases):
        return self.ways.compare(phrases, self.examples, 1)

    def learn_alike(self, phrases, truth):
        """Logistic regression on `alike`: weights of the examples, and a constant."""
        spread, directions = np.linalg.eigh(self.alike(self.examples))
        kept = spread > FLATTEST * spread.max()
        whiten = directions[:, kept] / np.sqrt(spread[kept])
        inputs = np.hstack([self.alike(phrases) @ whiten, np.ones((len(phrases), 1))])
        ridge = np.append(np.full(kept.sum(), SIMULTANEOUS_RIDGE), 1e-6)
        weights = fit(inputs, truth, ridge, np.zeros(len(ridge)))
        return whiten @ weights[:-1], weights[-1]
