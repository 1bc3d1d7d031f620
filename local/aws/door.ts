import type { AwsError } from './aws-error.ts';
import type { WireBindings } from './wire-request.ts';

/** One of the local AWS's services over HTTP, to be served by `@hono/node-server`. */
export type Door = (request: Request, bindings: WireBindings) => Promise<Response>;

/** A refusal in one line for the log, with more of the reason than its requester is told. */
export function describeRefusal(requestLine: string, { code, message, cause }: AwsError): string {
  // Keys are quoted in reasons, and may hold line breaks.
  return `${requestLine} → ${code}: ${cause ?? message}`.replace(/\p{Cc}/gu, '\u{FFFD}');
}
