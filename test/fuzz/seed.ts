import { randomInt } from 'node:crypto';
import { ConfigurationError } from '../../functions/core/errors.ts';

/** The seed in a text; without one, another each time. Throws `ConfigurationError` for what is no whole number. */
export function readSeed(text: string | undefined): number {
  if (text === undefined) return randomInt(2 ** 31);
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new ConfigurationError(`seed: got ${JSON.stringify(text)}, expected a whole number`);
}
