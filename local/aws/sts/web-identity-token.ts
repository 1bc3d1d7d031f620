import { compactVerify, errors } from 'jose';
import { parseStrictJsonObject } from '../../../functions/core/strict-json.ts';
import { AwsError } from '../aws-error.ts';
import type { OpenIdProvider, OpenIdProviders } from '../identity-providers.ts';
import { type CarriedSession, checkCarriedSession } from './carried-session.ts';
import { expiredIdentity, invalidIdentityToken } from './identity-errors.ts';
import type { Tag } from './tag-input.ts';

/** Who a token speaks of, verified, and what it puts into a session. */
export interface WebIdentity {
  readonly provider: OpenIdProvider;
  readonly subject: string;
  readonly audience: string;
  /** `amr`: how they were authenticated. */
  readonly methods: readonly string[];
  readonly carried: CarriedSession;
}

/** Against what a token is verified. */
export interface WebIdentityContext {
  readonly providers: OpenIdProviders;
  /** Whose providers count: the role's. */
  readonly account: string;
  readonly now: Date;
}

type Claims = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html, under WebIdentityToken */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
/** The longest that the answer can tell. */
const SUBJECT_MAX_CHARACTERS = 255;
const TAGS = 'https://aws.amazon.com/tags';
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity';

/**
 * Verifies an OpenID Connect token with the keys of the provider that is registered for its issuer. Throws
 * InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError, or what AssumeRole answers to such tags.
 */
export async function verifyWebIdentityToken(
  token: string,
  { providers, account, now }: WebIdentityContext,
): Promise<WebIdentity> {
  // Believed only far enough to find whose keys are to be asked.
  const issuer = readText(readClaims(payloadOf(token)), 'iss');
  const provider = [...providers.values()].find((each) => each.account === account && each.url === issuer);
  if (provider === undefined)
    throw invalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer}`);
  const claims = readClaims(await verifySignature(token, provider, now));
  checkTimes(claims, Math.floor(now.getTime() / 1000));
  const subject = readText(claims, 'sub');
  if (subject.length > SUBJECT_MAX_CHARACTERS) throw notValidated('the subject is too long');
  return {
    provider,
    subject,
    audience: checkAudience(claims, provider),
    methods: readMethods(claims['amr']),
    carried: readCarried(claims),
  };
}

function payloadOf(token: string): Uint8Array {
  const [, payload, , ...others] = token.split('.');
  if (payload === undefined || others.length > 0) throw notJwt('expected three segments');
  return Buffer.from(payload, 'base64url');
}

async function verifySignature(token: string, { keys }: OpenIdProvider, now: Date): Promise<Uint8Array> {
  try {
    const find = (header: Parameters<typeof keys.find>[0]) => keys.find(header, now);
    const { payload } = await compactVerify(token, find, { algorithms: ALGORITHMS });
    return payload;
  } catch (error) {
    if (error instanceof AwsError || !(error instanceof Error)) throw error;
    // jose says TypeError of a key that does not fit.
    if (!(error instanceof errors.JOSEError || error instanceof TypeError)) throw error;
    throw notValidated(error.message);
  }
}

function readClaims(payload: Uint8Array): Claims {
  try {
    return parseStrictJsonObject(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    throw notJwt('the payload is no object that says everything once');
  }
}

/** Seconds, without leeway: AWS has been seen to refuse a token three minutes after its end. */
function checkTimes(claims: Claims, now: number): void {
  const { exp, iat, nbf = iat } = claims;
  if (exp === undefined) throw missing('exp');
  if (iat === undefined) throw missing('iat');
  const isInstant = (value: unknown): value is number => Number.isSafeInteger(value);
  if (!isInstant(exp) || !isInstant(iat) || !isInstant(nbf)) throw notValidated('a time is no integer');
  if (now >= exp)
    throw expiredIdentity(
      `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`,
    );
  if (now < iat || now < nbf) throw notValidated('the token is not valid yet');
}

/**
 * The client that the token was issued to. An `azp` takes the place of `aud`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif). Stricter
 * than AWS: with it, `aud` must be a known one, too; and of several audiences without it nobody can say which is meant.
 */
function checkAudience({ aud, azp }: Claims, { clientIds }: OpenIdProvider): string {
  if (aud === undefined) throw missing('aud');
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const isKnown = (audience: unknown): audience is string => clientIds.some((id) => id === audience);
  const client = azp ?? (audiences.length === 1 ? audiences[0] : undefined);
  if (!isKnown(client) || !audiences.some(isKnown)) throw invalidIdentityToken('Incorrect token audience');
  return client;
}

function readCarried(claims: Claims): CarriedSession {
  const { principal_tags: tags = {}, transitive_tag_keys: keys = [] } = readTagClaim(claims[TAGS]);
  const sourceIdentity = claims[SOURCE_IDENTITY];
  if (!isObject(tags) || !isTexts(keys)) throw notValidated('the claim of tags is not as it must be');
  if (sourceIdentity !== undefined && typeof sourceIdentity !== 'string')
    throw notValidated('the source identity is no text');
  return checkCarriedSession(Object.entries(tags).map(readTag), keys, sourceIdentity);
}

function readTagClaim(claim: unknown = {}): Claims {
  if (isObject(claim)) return claim;
  throw notValidated('the claim of tags is no object');
}

/** Each value is a list of one: session tags have no more (page on session tags). */
function readTag([key, values]: readonly [string, unknown]): Tag {
  const [value, ...others] = isTexts(values) ? values : [];
  if (value === undefined || others.length > 0) throw notValidated('a tag is not a list of one text');
  return [key, value];
}

function readMethods(amr: unknown = []): readonly string[] {
  if (isTexts(amr)) return amr;
  throw notValidated('amr is no list of texts');
}

function readText(claims: Claims, name: string): string {
  const value = claims[name];
  if (value === undefined || value === '') throw missing(name);
  if (typeof value !== 'string') throw notValidated(`${name} is no text`);
  return value;
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function missing(claim: string): AwsError {
  return invalidIdentityToken(`Missing a required claim: ${claim}`);
}

function notJwt(cause: string): AwsError {
  return invalidIdentityToken(
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    cause,
  );
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors */
function notValidated(cause: string): AwsError {
  return invalidIdentityToken(
    'The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.',
    cause,
  );
}
