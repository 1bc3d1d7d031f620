import type { LatchkeyCredentials } from './credentials.ts';

/** https://nodejs.org/api/util.html#custom-inspection-functions-on-objects; Bun and Deno take it, too. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * The same object, which from now on keeps its secrets from `console.log` and `util.inspect`: whoever logs the event `refreshed` would
 * print them. Members and JSON stay as they are.
 */
export function concealSecrets(credentials: LatchkeyCredentials): LatchkeyCredentials {
  const inspect = () => ({ ...credentials, secretAccessKey: '<secret>', sessionToken: '<secret>' });
  return Object.defineProperty(credentials, INSPECT, { value: inspect, configurable: true });
}
