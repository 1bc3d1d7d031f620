import * as z from 'zod/mini';
import { parse } from '../../../functions/core/parse.ts';
import type { BusEvent } from './event-bus.ts';

const texts = z.array(z.string()).check(z.minLength(1));
const values = z
  .array(z.union([z.string(), z.strictObject({ 'anything-but': texts })]))
  .check(z.minLength(1));
const pattern = z.strictObject({ source: z.optional(values), 'detail-type': z.optional(values) });

/**
 * The part of EventBridge's patterns that is known here: lists of texts and `anything-but`, on source and detail-type.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
 */
export type EventPattern = z.input<typeof pattern>;

/** Whether an event is one that a rule is for. */
export type MatchesEvent = (event: Pick<BusEvent, 'source' | 'detail-type'>) => boolean;

/** The decision behind a pattern; throws `ConfigurationError` for one that says more than is known here. */
export function parseEventPattern(written: unknown): MatchesEvent {
  const { source, 'detail-type': detailType } = parse(pattern, written, 'event pattern');
  return (event) => matches(source, event.source) && matches(detailType, event['detail-type']);
}

function matches(wanted: z.output<typeof values> | undefined, value: string): boolean {
  if (wanted === undefined) return true;
  return wanted.some((each) =>
    typeof each === 'string' ? each === value : !each['anything-but'].includes(value),
  );
}
