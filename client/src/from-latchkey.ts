import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { connect } from './connect.ts';
import type { LatchkeyCredentials } from './credentials.ts';
import type { LatchkeyOptions, Surroundings } from './options.ts';
import type { Refresher } from './refresher.ts';

/** A credential provider for every client of AWS SDK v3, to be shared by as many as there are. */
export interface LatchkeyCredentialProvider extends AwsCredentialIdentityProvider {
  /** Members that are not known here come from the SDK, and are passed over. */
  (properties?: { readonly forceRefresh?: boolean }): Promise<LatchkeyCredentials>;
  /** Tells the SDK to ask at each request instead of remembering for itself until 5 minutes before the end: the refresh is in the background, and one for all clients. */
  memoized?: boolean;
}

/**
 * Credentials from Latchkey, fetched at the first use and refreshed by themselves:
 * `new S3Client({ credentials: fromLatchkey({ endpoint, token }) })`. Throws `options_invalid` at once; a use rejects with the
 * `LatchkeyError` of the fetch when there are no valid credentials. `surroundings` are for tests.
 */
export function fromLatchkey(
  options: LatchkeyOptions,
  surroundings?: Partial<Surroundings>,
): LatchkeyCredentialProvider {
  return createProvider(connect(options, surroundings).refresher);
}

/** A refresher as the SDK asks for credentials. */
export function createProvider(refresher: Refresher): LatchkeyCredentialProvider {
  const provider: LatchkeyCredentialProvider = ({ forceRefresh = false } = {}) =>
    forceRefresh ? refresher.refresh() : refresher.credentials();
  provider.memoized = true;
  return provider;
}
