// What the service says, checked at the door: types are inferred from these.
import * as v from 'valibot';
import { sentence } from './said';

const side = v.picklist(['left', 'right']);
export const winner = v.picklist(['left', 'right', 'none', 'both']);
export type Side = v.InferOutput<typeof side>;
export type Winner = v.InferOutput<typeof winner>;

const interval = v.object({ start: v.number(), end: v.number(), start_frame: v.number(), end_frame: v.number() });

const finding = v.object({
  kind: v.string(),
  time: v.number(),
  frame: v.number(),
  rule: v.optional(v.string(), ''),
  weight: v.number(),
  favours: v.nullish(side),
  named: v.optional(v.boolean(), true),
  text: v.string(),
  text_code: v.optional(v.string(), ''),
  params: v.optional(sentence.entries.params, {}),
});
export type Finding = v.InferOutput<typeof finding>;

export const decision = v.object({
  winner,
  reason: v.string(),
  reason_code: v.optional(v.string(), ''),
  reason_params: v.optional(v.object({ side: v.optional(side) }), {}),
  confidence: v.number(),
  review: v.optional(v.boolean(), false),
  reason_said: v.optional(v.array(sentence), []),
  review_reason: v.nullish(v.string()),
  review_said: v.optional(v.array(sentence), []),
  began: v.nullish(v.object({ side })),
  trace: v.optional(v.array(finding), []),
});
export type Decision = v.InferOutput<typeof decision>;

const action = v.object({ ...interval.entries, kind: v.string(), side, confidence: v.optional(v.number(), 1) });
export type Action = v.InferOutput<typeof action>;

export const touch = v.object({
  side,
  valid: v.boolean(),
  time: v.number(),
  frame: v.nullish(v.number()),
  distance_ms: v.nullish(v.number()),
  error_ms: v.nullish(v.number()),
});
export type Touch = v.InferOutput<typeof touch>;

export const result = v.object({
  session_id: v.string(),
  winner,
  decision,
  weapon: v.optional(v.string(), ''),
  phrase: v.object({
    touches: v.array(touch),
    blade_contacts: v.optional(v.array(v.object({ time: v.number(), frame: v.nullish(v.number()) })), []),
    source: v.nullish(v.string()),
  }),
  actions: v.optional(v.array(action), []),
  frames_analyzed: v.number(),
  undecodable_frames: v.optional(v.number(), 0),
  width: v.number(),
  height: v.number(),
  time_source: v.nullish(v.string()),
  artifacts: v.record(v.string(), v.nullish(v.string())),
  streaming_stats: v.nullish(v.object({ frames_received: v.number(), missing_frames: v.number() })),
  timings: v.optional(v.record(v.string(), v.number()), {}),
  warnings: v.optional(v.array(v.string()), []),
  warnings_said: v.optional(v.array(v.array(sentence)), []),
});
export type Result = v.InferOutput<typeof result>;

export type Pose = ([x: number, y: number, score: number] | null)[] | null;
function isPoint(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 3 && value.every(Number.isFinite));
}
// By hand: a minute of film has a hundred thousand numbers, which a schema takes long for.
export const pose = v.custom<Pose>((value) => value === null || (Array.isArray(value) && value.every(isPoint)));

export const score = v.object({ left: v.number(), right: v.number() });
export type Score = v.InferOutput<typeof score>;

// Messages of /stream, those that the page uses.
export const streamMessage = v.variant('type', [
  v.object({ type: v.literal('session_started'), resume_token: v.string() }),
  v.object({
    type: v.literal('session_resumed'),
    state: v.string(),
    ranges: v.array(v.tuple([v.number(), v.number()])),
    has_signal: v.boolean(),
  }),
  v.object({ type: v.literal('frame_ack'), frame_number: v.number() }),
  v.object({ type: v.literal('session_ended') }),
  v.object({ type: v.literal('signal_ack') }),
  v.object({ type: v.literal('process_start') }),
  v.object({
    type: v.literal('process_progress'),
    stage: v.string(),
    progress: v.number(),
    decision: v.optional(decision),
  }),
  // Of a whole bout its summary (docs/bouts.md).
  v.object({
    type: v.literal('process_complete'),
    result: v.union([result, v.object({ phrases: v.array(v.unknown()) })]),
  }),
  v.object({ type: v.literal('phrase_decision'), number: v.number(), decision }),
  v.object({ type: v.literal('phrase_complete'), number: v.number(), score }),
  v.object({ type: v.literal('touch_ack') }),
  v.object({
    type: v.literal('error'),
    error_code: v.string(),
    error_message: v.string(),
    recoverable: v.boolean(),
    frame_number: v.optional(v.number()),
    retry_after: v.optional(v.number()),
  }),
  v.object({ type: v.literal('pong') }),
  v.object({ type: v.literal('session_aborted') }),
]);
export type StreamMessage = v.InferOutput<typeof streamMessage>;

export const health = v.object({ version: v.string(), status: v.string() });

export const statistics = v.object({
  active_sessions: v.number(),
  sessions: v.record(
    v.string(),
    v.object({ state: v.string(), fps: v.number(), frames_received: v.number(), duration_seconds: v.number() }),
  ),
});
export type Statistics = v.InferOutput<typeof statistics>;

// Nothing where it is not what the schema says.
export function parsed<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> | undefined {
  const checked = v.safeParse(schema, value);
  return checked.success ? checked.output : undefined;
}
