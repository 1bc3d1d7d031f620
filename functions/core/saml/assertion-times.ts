import * as z from 'zod/mini';
import { VendingError } from '../errors.ts';
import { CLOCK_SKEW_SECONDS } from '../issuer/issuer-defaults.ts';

/** When an assertion counts, by all that it says of it; as it is written. */
export interface AssertionTimes {
  readonly issueInstant: string;
  readonly starts: readonly string[];
  readonly ends: readonly string[];
}

/** AWS wants an assertion within five minutes. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html */
const AGE_MAX_SECONDS = 300;

/** SAML 2.0 Core, 1.3.3: in UTC. */
const instant = z.iso.datetime();

/**
 * When an assertion stops counting: at the first of its ends, or five minutes after it was issued, and the skew. Throws
 * `assertion_invalid` for times that are none, `assertion_expired` before it begins and from that moment on.
 */
export function assertTimes({ issueInstant, starts, ends }: AssertionTimes, now: Date): Date {
  const issuedAt = parseInstant(issueInstant);
  const latest = now.getTime() + CLOCK_SKEW_SECONDS * 1000;
  if ([issuedAt, ...starts.map(parseInstant)].some((start) => start > latest))
    throw expired('it does not count yet');
  const end = Math.min(issuedAt + AGE_MAX_SECONDS * 1000, ...ends.map(parseInstant));
  const validUntil = new Date(end + CLOCK_SKEW_SECONDS * 1000);
  if (validUntil <= now) throw expired('it does not count any more');
  return validUntil;
}

function parseInstant(text: string): number {
  if (!z.safeParse(instant, text).success)
    throw new VendingError('assertion_invalid', { cause: 'a time in it is no instant in UTC' });
  return new Date(text).getTime();
}

function expired(cause: string): VendingError {
  return new VendingError('assertion_expired', { cause });
}
