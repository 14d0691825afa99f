// A person's marks in the picture: where the two fencers stand as the phrase begins, and where the piste lies (docs/protocol.md,
// session_start). Pixels of the picture.
export type Spot = readonly [number, number];
export type Kind = 'fencers' | 'piste';
export type Marks = Readonly<Record<Kind, readonly Spot[]>>;

export const unmarked: Marks = { fencers: [], piste: [] };
const most: Record<Kind, number> = { fencers: 2, piste: 16 };
const fewest: Record<Kind, number> = { fencers: 2, piste: 3 };

// One more than there can be takes the last one's place.
export function marked(marks: Marks, kind: Kind, spot: Spot): Marks {
  return { ...marks, [kind]: [...marks[kind].slice(0, most[kind] - 1), spot] };
}

export function undone(marks: Marks, kind: Kind): Marks {
  return { ...marks, [kind]: marks[kind].slice(0, -1) };
}

export function isWhole(marks: Marks, kind: Kind): boolean {
  return marks[kind].length >= fewest[kind];
}

// As session_start has them. What is half done is left out: the service would refuse it.
export function told(marks: Marks) {
  return {
    ...(isWhole(marks, 'fencers') && { fencers: marks.fencers }),
    ...(isWhole(marks, 'piste') && { piste_corners: marks.piste }),
  };
}
