// Who one is, and how a device becomes one (docs/http.md, Roles and pairing).
import * as v from 'valibot';

const role = v.picklist(['camera', 'viewer', 'referee', 'owner']);
export type Role = v.InferOutput<typeof role>;

// tokens: whether the service asks for any.
export const me = v.object({ name: v.string(), role, tokens: v.boolean() });
export type Me = v.InferOutput<typeof me>;

const device = v.object({
  id: v.string(),
  device: v.string(),
  role,
  paired: v.string(),
  seen: v.nullish(v.string()),
});
export type Device = v.InferOutput<typeof device>;

export const devices = v.object({ devices: v.array(device) });
export const offered = v.object({ code: v.string(), expires: v.string() });
export type Offered = v.InferOutput<typeof offered>;
export const claimed = v.object({ token: v.string(), role });
