import { randomUUID } from 'node:crypto';
import { type EventPattern, parseEventPattern } from './event-pattern.ts';

/** An event as a bus delivers it. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** UTC, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Sends what matches to a target; `deliver` gets the event as the JSON text that a queue would hold. */
export interface EventRule {
  readonly pattern: EventPattern;
  readonly deliver: (event: string) => void;
}

/** What a bus is made with. */
export interface EventBusOptions {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly clock: () => Date;
  readonly rules: readonly EventRule[];
}

/** An event before the bus puts its envelope around it. */
export type BusEntry = Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'> & {
  /** When it happened; undefined: now. */
  readonly time: Date | undefined;
};

/** An event bus in memory. */
export interface EventBus {
  readonly name: string;
  readonly arn: string;
  /** Delivers to every rule that it matches, before this returns. */
  readonly put: (entry: BusEntry) => BusEvent;
  /** Calls `listener` with every event from now on; what it gives ends that. */
  readonly subscribe: (listener: (event: BusEvent) => void) => () => void;
  /** The latest events, oldest first. */
  readonly recent: () => readonly BusEvent[];
}

const KEPT = 1000;

/** Makes a bus with its rules; throws `ConfigurationError` for a pattern that is not known here. */
export function createEventBus({ name, account, region, clock, rules }: EventBusOptions): EventBus {
  const parsed = rules.map(({ pattern, deliver }) => ({ matches: parseEventPattern(pattern), deliver }));
  const listeners = new Set<(event: BusEvent) => void>();
  const kept: BusEvent[] = [];
  return {
    name,
    arn: `arn:aws:events:${region}:${account}:event-bus/${name}`,
    put({ time = clock(), ...entry }) {
      const event: BusEvent = {
        ...entry,
        version: '0',
        id: randomUUID(),
        account,
        region,
        time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
      };
      kept.push(event);
      if (kept.length > KEPT) kept.shift();
      for (const { matches, deliver } of parsed) if (matches(event)) deliver(JSON.stringify(event));
      for (const listener of listeners) listener(event);
      return event;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    recent: () => [...kept],
  };
}
