import * as z from 'zod/mini';
import { ConfigurationError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';

const text = z.string().check(z.minLength(1), z.maxLength(256));

/** The members that EventBridge puts around every event. It may add more, so that unknown ones are let by. */
export const ENVELOPE = {
  version: z.literal('0'),
  /** The same whenever this event is delivered again. */
  id: z.string().check(z.regex(/^[\w-]{1,64}$/, 'not an event id')),
  source: text,
  account: text,
  time: z.iso.datetime(),
  region: text,
  resources: z.array(z.string()),
};

const envelope = z.object({
  ...ENVELOPE,
  'detail-type': text,
  detail: z.record(z.string(), z.unknown()),
});

/**
 * An event as EventBridge delivers it, nothing known of its detail yet.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export type EventEnvelope = Readonly<z.output<typeof envelope>>;

/** The envelope in the body of a message; throws `ConfigurationError` naming every member that is wrong. */
export function parseEnvelope(body: string): EventEnvelope {
  let event: unknown;
  try {
    event = JSON.parse(body, refusePrototype);
  } catch (cause) {
    throw new ConfigurationError('event: got text that is not the JSON of an event', { cause });
  }
  return Object.freeze(parse(envelope, event, 'event'));
}

/** A member of this name becomes the prototype of whatever it is copied into. No control plane sends it by chance. */
function refusePrototype(name: string, value: unknown): unknown {
  if (name === '__proto__') throw new SyntaxError('got a member __proto__');
  return value;
}
