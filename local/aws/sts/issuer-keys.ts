import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { fetchJson, UnexpectedStatusError } from '../../../functions/adapters/issuer/fetch-json.ts';
import { keyUrlFault } from '../../../functions/core/issuer/key-url.ts';
import { AwsError } from '../aws-error.ts';
import { invalidIdentityToken } from './identity-errors.ts';

/** The keys that an OpenID Connect provider signs with. */
export interface IssuerKeys {
  /** The one key for a token's header; throws InvalidIdentityToken when there is none, IDPCommunicationError when nobody answers. */
  readonly find: (header: JWSHeaderParameters, now: Date) => Promise<CryptoKey>;
}

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** How long a key that is taken back still counts. How long AWS remembers is not documented. */
const REMEMBER_MILLISECONDS = 10_000;
/** https://repost.aws/knowledge-center/iam-sts-invalididentitytoken */
const FETCH_MILLISECONDS = 5000;
const DOCUMENT_MAX_BYTES = 128 * 1024;

/**
 * Keys by the issuer's discovery document (OpenID Connect Discovery 1.0, 4), remembered for 10 s; a key id that is not among
 * them is looked for anew.
 */
export function createIssuerKeys(issuer: string): IssuerKeys {
  let held: { readonly keySet: KeySet; readonly askedAt: number } | undefined;
  const remembered = (now: number) =>
    held !== undefined && now >= held.askedAt && now - held.askedAt < REMEMBER_MILLISECONDS
      ? held.keySet
      : undefined;

  return {
    async find(header, now) {
      const known = remembered(now.getTime());
      const key = known && (await findKey(known, header));
      if (key !== undefined) return key;
      held = { keySet: await fetchKeySet(issuer), askedAt: now.getTime() };
      const found = await findKey(held.keySet, header);
      if (found === undefined) throw noKey('no single key of the issuer fits the header');
      return found;
    },
  };
}

async function findKey(keySet: KeySet, header: JWSHeaderParameters): Promise<CryptoKey | undefined> {
  try {
    return await keySet(header);
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

async function fetchKeySet(issuer: string): Promise<KeySet> {
  const limits = { signal: AbortSignal.timeout(FETCH_MILLISECONDS), bytes: DOCUMENT_MAX_BYTES };
  try {
    const base = issuer.replace(/\/$/, '');
    const metadata = await fetchJson(new URL(`${base}/.well-known/openid-configuration`), limits);
    const { issuer: named, jwks_uri: url } = Object(metadata) as Record<string, unknown>;
    if (named !== issuer) throw new Error('the discovery document is of another issuer');
    // Of https AWS makes a demand; on this machine nobody listens in.
    if (typeof url !== 'string' || keyUrlFault(url, true) !== undefined)
      throw new Error('the discovery document has no jwks_uri to fetch from');
    return createLocalJWKSet((await fetchJson(new URL(url), limits)) as JSONWebKeySet);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw isOutage(error) ? unreachable(error.message) : noKey(error.message);
  }
}

/** Nobody answered, or only to say that it cannot. */
function isOutage(error: Error): boolean {
  if (error instanceof UnexpectedStatusError) return (error.status ?? 500) >= 500;
  return 'code' in error && !(error instanceof errors.JOSEError);
}

function noKey(cause: string): AwsError {
  return invalidIdentityToken(
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    cause,
  );
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors */
function unreachable(cause: string): AwsError {
  return new AwsError(
    'IDPCommunicationError',
    400,
    'The request could not be fulfilled because the identity provider (IDP) that was asked to verify the incoming identity token could not be reached.',
    { cause },
  );
}
