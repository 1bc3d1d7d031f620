import { VendingError } from '../errors.ts';
import { SESSION_MIN_SECONDS } from '../grant/durations.ts';
import type { Grant } from '../grant/grant.ts';
import type { VendRequest } from '../grant/vend-request.ts';
import { type Partition, partitionOf } from '../partitions.ts';

/** What a console session is asked for with, besides what a vend is. */
export interface ConsoleRequest extends VendRequest {
  /** A page of the console; default: its first page. */
  readonly destination?: string | undefined;
  /** An https URL: where AWS sends people whose session has ended. */
  readonly issuer?: string | undefined;
  /** How long the console stays open; default: as long as the credentials work. */
  readonly sessionDurationSeconds?: number | undefined;
}

/** How the link to a console session is made. */
export interface ConsoleTerms {
  /** Of the partition that the session is in: `https://signin.aws.amazon.com`. */
  readonly signIn: string;
  readonly destination: string;
  readonly issuer: string | undefined;
  readonly durationSeconds: number | undefined;
}

/**
 * The terms for a grant. Pure. Throws `destination_invalid` for what is no page of the console in the grant's partition, and
 * `duration_out_of_range` for a duration that AWS does not take with such a session, or that would outlast it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
export function decideConsoleTerms(
  { destination, issuer, sessionDurationSeconds }: ConsoleRequest,
  grant: Grant,
): ConsoleTerms {
  const partition = partitionOf(grant.roleArn ?? grant.userArn ?? '');
  if (partition === undefined)
    throw new VendingError('destination_invalid', {
      detail: 'the partition of the role has no known console',
    });
  if (sessionDurationSeconds !== undefined) assertDuration(sessionDurationSeconds, grant);
  return {
    signIn: `https://${partition.signInHost}`,
    destination: readDestination(destination ?? `https://${partition.consoleHost}/`, partition),
    issuer,
    durationSeconds: sessionDurationSeconds,
  };
}

/** Only what reads the same to everybody: parsers differ over blanks and backslashes, and one of them is AWS's. */
const PLAIN_URL = /^https:\/\/[\x21-\x5b\x5d-\x7e]+$/;

/** The text as a URL over https without a port and without a user; undefined for anything else. */
export function readHttpsUrl(text: string): URL | undefined {
  const url = PLAIN_URL.test(text) ? URL.parse(text) : null;
  const isPlain = url !== null && url.port === '' && url.username === '' && url.password === '';
  return isPlain ? url : undefined;
}

function readDestination(text: string, { consoleHost: console }: Partition): string {
  const url = readHttpsUrl(text);
  // The host alone, or a name below it: xconsole.aws.amazon.com may be anybody's.
  if (url !== undefined && (url.hostname === console || url.hostname.endsWith(`.${console}`)))
    return url.href;
  throw new VendingError('destination_invalid', {
    detail: `destination must be a page of https://${console}/ or below ${console}`,
  });
}

function assertDuration(seconds: number, grant: Grant): void {
  const refusal = refusalOf(grant);
  if (refusal !== undefined)
    throw new VendingError('duration_out_of_range', {
      detail: `sessionDurationSeconds: ${refusal}; leave it out, and the console stays open as long as the credentials work`,
    });
  // A console that outlasts its credentials would outlast what the profile and the tenant's limits allow.
  if (Number.isInteger(seconds) && seconds >= SESSION_MIN_SECONDS && seconds <= grant.durationSeconds) return;
  throw new VendingError('duration_out_of_range', {
    detail: `sessionDurationSeconds must be a whole number from ${SESSION_MIN_SECONDS} to ${grant.durationSeconds}, the durationSeconds of the credentials`,
  });
}

/** Why AWS takes no duration with such a session. */
function refusalOf({ method, mfa }: Grant): string | undefined {
  if (method === 'federationToken') return 'AWS takes none with a federated user';
  // With a code of MFA, an IAM user assumes the role, and nothing is chained.
  if (method === 'assumeRole' && mfa === undefined)
    return 'AWS takes none with role chaining, which is how a profile with the method assumeRole is vended';
  return undefined;
}
