/**
 * Stands in for `@smithy/core/event-streams` in the vend function's bundle: 12 kB for operations that answer in a stream of
 * events. Neither STS nor what is asked of DynamoDB does.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('got an operation with an event stream, expected none in this bundle');
  }
}

/** See `EventStreamSerde`. */
export const eventStreamSerdeProvider = undefined;
