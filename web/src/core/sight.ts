// Where the fencers are in one picture (docs/http.md, Before filming).
import * as v from 'valibot';
import { pose } from './protocol';

export const sight = v.object({ width: v.number(), height: v.number(), left: pose, right: pose });
export type Sight = v.InferOutput<typeof sight>;
