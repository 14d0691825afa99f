// The motion as the referee read it: the page computes no second truth.
import * as v from 'valibot';

const values = v.array(v.nullable(v.number()));
const fencer = v.object({ speed: values, hand: values });

export const curves = v.object({ times: v.array(v.number()), distance: values, left: fencer, right: fencer });
export type Curves = v.InferOutput<typeof curves>;
