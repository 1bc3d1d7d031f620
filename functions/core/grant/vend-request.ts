import { VendingError } from '../errors.ts';
import type { Profile } from '../profile/profile.ts';
import type { Secret } from '../secret.ts';

/** What a caller asks for; everything may be left out. */
export interface VendRequest {
  /** Default: the tenant's default profile. */
  readonly profile?: string | undefined;
  /** Default: the profile's. */
  readonly durationSeconds?: number | undefined;
  /** Values for the profile's scope parameters. */
  readonly scope?: Readonly<Record<string, string>> | undefined;
  /** Where the profile demands it. */
  readonly mfa?: MfaCode | undefined;
  /** Assertions of context providers that the profile names. */
  readonly contexts?: readonly ProvidedContext[] | undefined;
}

/** A code of an MFA device of an IAM user. */
export interface MfaCode {
  /** The device's ARN, or the number of a hardware device. */
  readonly serialNumber: string;
  /** Six digits. */
  readonly tokenCode: Secret;
}

/** A context that a provider asserts of the caller. https://docs.aws.amazon.com/STS/latest/APIReference/API_ProvidedContext.html */
export interface ProvidedContext {
  readonly providerArn: string;
  readonly contextAssertion: Secret;
}

/** The code where the profile demands one; throws `mfa_required`, and `request_invalid` where it takes none. */
export function readMfa({ mfa: demanded }: Profile, mfa: MfaCode | undefined): MfaCode | undefined {
  if (demanded === 'required' && mfa === undefined) throw new VendingError('mfa_required');
  // What is not passed on must not look as if it had been checked.
  if (demanded === 'none' && mfa !== undefined) throw invalid('mfa: this profile takes none');
  return mfa;
}

/** The assertions, each of a provider that the profile names; throws `request_invalid`. */
export function readContexts(
  { contextProviders }: Profile,
  contexts: readonly ProvidedContext[] = [],
): readonly ProvidedContext[] {
  const known = contexts.every(({ providerArn }) => contextProviders.includes(providerArn));
  if (!known) throw invalid('contexts: got a provider that this profile does not name');
  return contexts;
}

function invalid(detail: string): VendingError {
  return new VendingError('request_invalid', { detail });
}
