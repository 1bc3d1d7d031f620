import { createHash } from 'node:crypto';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import { CompactSign, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { type OpenIdProviderDefinition, parseOpenIdProviders } from '../../local/aws/identity-providers.ts';
import type { RoleDefinition } from '../../local/aws/roles.ts';
import {
  CLIENT_ID,
  type Claims,
  createSigningKey,
  type OpenIdIssuer,
  type SigningKey,
  startOpenIdIssuer,
} from './open-id-issuer.ts';
import {
  ACCOUNT,
  BOUNDED_BY_TAG,
  document,
  type Federation,
  OTHER_ACCOUNT,
  outcomeOf,
  roleArn,
  startFederation,
} from './start-federation.ts';

const TENANT = roleArn('latchkey/tenant');
const MANAGED = `arn:aws:iam::${ACCOUNT}:policy/read-only`;
const ACTIONS = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'];
const TAGS = 'https://aws.amazon.com/tags';
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity';
const ACME = { [TAGS]: { principal_tags: { TenantId: ['acme'] } } };

const NOT_VALIDATED =
  '400 InvalidIdentityTokenException: The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.';
const NOT_JWT =
  '400 InvalidIdentityTokenException: The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';
const NO_KEY =
  "400 InvalidIdentityTokenException: Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";
const DENIED = '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity';

let now: Date;
let issuer: OpenIdIssuer;
let federation: Federation;
let other: SigningKey;
let provider: string;

/** Trusts the issuer for the actions, on a condition. */
function trusting(name: string, condition?: object, actions = ACTIONS): RoleDefinition {
  const statement = { Effect: 'Allow', Principal: { Federated: provider }, Action: actions };
  return {
    arn: roleArn(name),
    trustPolicy: document({ ...statement, ...(condition && { Condition: condition }) }),
    policies: { all: BOUNDED_BY_TAG },
    maxSessionDurationSeconds: 43_200,
  };
}

beforeAll(async () => {
  now = new Date();
  issuer = await startOpenIdIssuer(() => now);
  other = await createSigningKey('key-2');
  provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.name}`;
  const elsewhere = `arn:aws:iam::${OTHER_ACCOUNT}:oidc-provider/idp.example`;
  federation = await startFederation({
    now: () => now,
    openId: [
      { arn: provider, url: issuer.url, clientIds: [CLIENT_ID, 'second-client'] },
      { arn: elsewhere, url: 'https://idp.example', clientIds: [CLIENT_ID] },
    ],
    managedPolicies: { [MANAGED]: document({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }) },
    roles: [
      trusting('latchkey/tenant', { StringEquals: { [`${issuer.name}:aud`]: CLIENT_ID } }),
      { ...trusting('short'), maxSessionDurationSeconds: 3600 },
      trusting('acme-only', { StringEquals: { 'aws:RequestTag/TenantId': 'acme' } }),
      trusting('acme-subject', { StringEquals: { [`${issuer.name}:sub`]: 'tenant:acme' } }),
      trusting('second-client', { StringEquals: { [`${issuer.name}:aud`]: 'second-client' } }),
      trusting('with-methods', { 'ForAnyValue:StringEquals': { [`${issuer.name}:amr`]: 'mfa' } }),
      trusting('named', { StringEquals: { 'sts:RoleSessionName': 'acme-1', 'sts:SourceIdentity': 'ann' } }),
      trusting('tag-keys', {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['TenantId'], 'sts:TransitiveTagKeys': ['TenantId'] },
        Null: { 'aws:TagKeys': 'false', 'sts:TransitiveTagKeys': 'false' },
        StringEquals: { 'aws:FederatedProvider': provider },
      }),
      trusting('untagged', undefined, ['sts:AssumeRoleWithWebIdentity', 'sts:SetSourceIdentity']),
      trusting('unsourced', undefined, ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession']),
      trusting('wrong-way', undefined, ['sts:AssumeRole', 'sts:TagSession']),
      {
        ...trusting('by-token'),
        policies: {
          all: document({
            Effect: 'Allow',
            Action: 's3:PutObject',
            Resource: 'arn:aws:s3:::tenant-data/acme/*',
            Condition: {
              StringEquals: {
                [`${issuer.name}:sub`]: 'tenant:acme',
                [`${issuer.name}:aud`]: CLIENT_ID,
                'aws:FederatedProvider': provider,
              },
            },
          }),
        },
      },
      { ...trusting('abroad'), arn: roleArn('abroad', OTHER_ACCOUNT) },
    ],
  });
});
afterAll(async () => {
  issuer.close();
  await federation.close();
});
beforeEach(() => {
  // Far enough for what was remembered of the issuer to be asked for again.
  now = new Date(now.getTime() + 60_000);
  issuer.publish(issuer.key);
  issuer.answerWith(undefined);
  issuer.asked.length = 0;
});

type Request = Partial<AssumeRoleWithWebIdentityCommandInput>;

async function assume(claims: Claims = ACME, request: Request = {}) {
  const WebIdentityToken = await issuer.sign(claims);
  return show(WebIdentityToken, request);
}

function show(WebIdentityToken: string, request: Request = {}) {
  const usual = { RoleArn: TENANT, RoleSessionName: 'acme-1', WebIdentityToken };
  return federation.sts.send(new AssumeRoleWithWebIdentityCommand({ ...usual, ...request }));
}

const tagged = (tags: Record<string, unknown>, more: object = {}): Claims => ({
  [TAGS]: { principal_tags: tags, ...more },
});
const secondsFromNow = (seconds: number) => Math.floor(now.getTime() / 1000) + seconds;

describe('AssumeRoleWithWebIdentity', () => {
  it('answers with everything that STS tells', async () => {
    const claims = { ...ACME, [SOURCE_IDENTITY]: 'ann' };
    const { $metadata, Credentials, ...answer } = await assume(claims);
    expect(answer).toEqual({
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/tenant/acme-1`,
        AssumedRoleId: expect.stringMatching(/^AROA\w{17}:acme-1$/),
      },
      SubjectFromWebIdentityToken: 'tenant:acme',
      Audience: CLIENT_ID,
      Provider: issuer.url,
      PackedPolicySize: expect.any(Number),
      SourceIdentity: 'ann',
    });
    expect(Credentials?.Expiration?.getTime()).toBe(secondsFromNow(3600) * 1000);
    const { Arn } = await federation.stsOf(Credentials).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(answer.AssumedRoleUser?.Arn);
  });

  it('opens what the tag of the token bounds and nothing of another tenant, without any session policy', async () => {
    const { Credentials } = await assume();
    expect(await federation.put(Credentials, 'acme')).toBe('done');
    expect(await federation.put(Credentials, 'globex')).toBe('AccessDenied');
  });

  it('opens nothing where the role leans on a tag that the token does not carry', async () => {
    const { Credentials } = await assume({});
    expect(await federation.put(Credentials, 'acme')).toBe('AccessDenied');
  });

  it.each([
    { Policy: JSON.stringify(document({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })) },
    { PolicyArns: [{ arn: MANAGED }] },
  ])('narrows the session with %j', async (policies) => {
    const { Credentials } = await assume(ACME, policies);
    expect(await federation.put(Credentials, 'acme')).toBe('AccessDenied');
  });

  it('lasts as long as the role lets it, since it is no chaining', async () => {
    const { Credentials } = await assume(ACME, { DurationSeconds: 43_200 });
    expect(Credentials?.Expiration?.getTime()).toBe(secondsFromNow(43_200) * 1000);
  });

  it('keeps subject, audience and provider in the context of the session', async () => {
    const RoleArn = roleArn('by-token');
    const mine = await assume({}, { RoleArn });
    expect(await federation.put(mine.Credentials, 'acme')).toBe('done');
    const theirs = await assume({ sub: 'tenant:globex' }, { RoleArn });
    expect(await federation.put(theirs.Credentials, 'acme')).toBe('AccessDenied');
  });

  it('carries transitive tags and the source identity on, and makes the next session one of chaining', async () => {
    const carried = { transitive_tag_keys: ['TenantId'] };
    const { Credentials } = await assume({
      ...tagged({ TenantId: ['acme'], Plan: ['gold'] }, carried),
      [SOURCE_IDENTITY]: 'ann',
    });
    expect(federation.sessionOf(Credentials)).toMatchObject({
      tags: { TenantId: 'acme', Plan: 'gold' },
      transitiveTagKeys: ['TenantId'],
      sourceIdentity: 'ann',
      federation: { provider },
      chained: false,
    });
    const chaining = new AssumeRoleCommand({
      RoleArn: TENANT,
      RoleSessionName: 'acme-2',
      DurationSeconds: 7200,
    });
    expect(await outcomeOf(federation.stsOf(Credentials).send(chaining))).toContain('role chaining');
  });

  it('counts the tags of the token as packed', async () => {
    const few = await assume();
    const many = await assume(tagged(manyTags(20, 8)));
    expect(many.PackedPolicySize).toBeGreaterThan(few.PackedPolicySize ?? 0);
    expect(await outcomeOf(assume(tagged(manyTags(50, 200))))).toMatch(
      /^400 PackedPolicyTooLargeException: Packed size of session tags consumes \d+% of allotted space\.$/,
    );
  });
});

/** Of values that do not compress. */
function manyTags(count: number, length: number): Record<string, string[]> {
  const value = (index: number) =>
    createHash('shake256', { outputLength: length })
      .update(String(index))
      .digest('base64url')
      .slice(0, length);
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, [value(index)]]));
}

describe('the trust policy', () => {
  test.each<[role: string, claims: Claims, outcome: string]>([
    ['acme-only', ACME, 'done'],
    ['acme-only', tagged({ TenantId: ['globex'] }), DENIED],
    ['acme-only', {}, DENIED],
    ['acme-subject', ACME, 'done'],
    ['acme-subject', { ...ACME, sub: 'tenant:globex' }, DENIED],
    ['second-client', ACME, DENIED],
    ['second-client', { ...ACME, aud: 'second-client' }, 'done'],
    ['second-client', { ...ACME, azp: 'second-client' }, 'done'],
    ['with-methods', { ...ACME, amr: ['pwd', 'mfa'] }, 'done'],
    ['with-methods', { ...ACME, amr: ['pwd'] }, DENIED],
    ['with-methods', ACME, DENIED],
    ['named', { [SOURCE_IDENTITY]: 'ann' }, 'done'],
    ['named', { [SOURCE_IDENTITY]: 'bob' }, DENIED],
    ['tag-keys', tagged({ TenantId: ['acme'] }, { transitive_tag_keys: ['TenantId'] }), 'done'],
    ['tag-keys', ACME, DENIED],
    [
      'tag-keys',
      tagged({ TenantId: ['acme'], Plan: ['gold'] }, { transitive_tag_keys: ['TenantId'] }),
      DENIED,
    ],
    ['untagged', {}, 'done'],
    ['untagged', ACME, '403 AccessDenied: Not authorized to perform sts:TagSession'],
    ['unsourced', ACME, 'done'],
    [
      'unsourced',
      { [SOURCE_IDENTITY]: 'ann' },
      '403 AccessDenied: Not authorized to perform sts:SetSourceIdentity',
    ],
    ['wrong-way', ACME, DENIED],
    ['not-there', ACME, DENIED],
  ])('of %s, for %j: %s', async (role, claims, outcome) => {
    const before = federation.sessions.size;
    expect(await outcomeOf(assume(claims, { RoleArn: roleArn(role) }))).toBe(outcome);
    expect(federation.sessions.size - before).toBe(outcome === 'done' ? 1 : 0);
  });
});

describe('a token is refused', () => {
  test.each<[name: string, claims: () => Claims, outcome: string | RegExp]>([
    [
      'of an unknown issuer',
      () => ({ iss: 'https://evil.example' }),
      '400 InvalidIdentityTokenException: No OpenIDConnect provider found in your account for https://evil.example',
    ],
    [
      'of an issuer with one slash more',
      () => ({ iss: `${issuer.url}/` }),
      /No OpenIDConnect provider found/,
    ],
    [
      'of the issuer under https',
      () => ({ iss: issuer.url.replace('http:', 'https:') }),
      /No OpenIDConnect provider found/,
    ],
    [
      'of an issuer of another account',
      () => ({ iss: 'https://idp.example' }),
      /No OpenIDConnect provider found/,
    ],
    [
      'without an issuer',
      () => ({ iss: undefined }),
      '400 InvalidIdentityTokenException: Missing a required claim: iss',
    ],
    ['with two issuers', () => ({ iss: [issuer.url] }), NOT_VALIDATED],
    [
      'for another audience',
      () => ({ aud: 'somebody' }),
      '400 InvalidIdentityTokenException: Incorrect token audience',
    ],
    [
      'for two audiences',
      () => ({ aud: [CLIENT_ID, 'somebody'] }),
      '400 InvalidIdentityTokenException: Incorrect token audience',
    ],
    ['for nobody', () => ({ aud: [] }), '400 InvalidIdentityTokenException: Incorrect token audience'],
    [
      'without an audience',
      () => ({ aud: undefined }),
      '400 InvalidIdentityTokenException: Missing a required claim: aud',
    ],
    [
      'issued to another client',
      () => ({ azp: 'somebody' }),
      '400 InvalidIdentityTokenException: Incorrect token audience',
    ],
    [
      'issued to a known client for another',
      () => ({ aud: 'somebody', azp: CLIENT_ID }),
      '400 InvalidIdentityTokenException: Incorrect token audience',
    ],
    [
      'at its end',
      () => ({ exp: secondsFromNow(0) }),
      /^400 ExpiredTokenException: Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
    ],
    [
      'without an end',
      () => ({ exp: undefined }),
      '400 InvalidIdentityTokenException: Missing a required claim: exp',
    ],
    ['with a fraction of a second', () => ({ exp: secondsFromNow(60) + 0.5 }), NOT_VALIDATED],
    [
      'without its time',
      () => ({ iat: undefined }),
      '400 InvalidIdentityTokenException: Missing a required claim: iat',
    ],
    ['from the future', () => ({ iat: secondsFromNow(2) }), NOT_VALIDATED],
    [
      'from the future, though valid',
      () => ({ iat: secondsFromNow(2), nbf: secondsFromNow(0) }),
      NOT_VALIDATED,
    ],
    ['before its time', () => ({ nbf: secondsFromNow(2) }), NOT_VALIDATED],
    [
      'without a subject',
      () => ({ sub: undefined }),
      '400 InvalidIdentityTokenException: Missing a required claim: sub',
    ],
    [
      'with an empty subject',
      () => ({ sub: '' }),
      '400 InvalidIdentityTokenException: Missing a required claim: sub',
    ],
    ['with too long a subject', () => ({ sub: 'x'.repeat(256) }), NOT_VALIDATED],
    ['with a method that is no list', () => ({ amr: 'mfa' }), NOT_VALIDATED],
    ['with tags that are a list', () => ({ [TAGS]: [] }), NOT_VALIDATED],
    ['with a tag of two values', () => tagged({ TenantId: ['acme', 'globex'] }), NOT_VALIDATED],
    ['with a tag of no value', () => tagged({ TenantId: [] }), NOT_VALIDATED],
    ['with a tag that is no list', () => tagged({ TenantId: 'acme' }), NOT_VALIDATED],
    ['with a tag that is a number', () => tagged({ TenantId: [1] }), NOT_VALIDATED],
    [
      'with one tag twice but for case',
      () => tagged({ TenantId: ['acme'], tenantid: ['globex'] }),
      /^400 InvalidParameterValue: Duplicate tag keys/,
    ],
    [
      'with a tag of AWS',
      () => tagged({ 'aws:x': ['y'] }),
      /^400 InvalidParameterValue: Tag keys that begin with aws:/,
    ],
    [
      'with a wildcard as a tag',
      () => tagged({ TenantId: ['*'] }),
      /^400 ValidationError: 1 validation error detected: Value '\*' at 'tags\.1\.member\.value'/,
    ],
    ['with too many tags', () => tagged(manyTags(51, 1)), /^400 ValidationError: .*at 'tags'/],
    [
      'with a transitive key that is no tag',
      () => tagged({ TenantId: ['acme'] }, { transitive_tag_keys: ['Plan'] }),
      /^400 InvalidParameterValue: The specified transitive tag key/,
    ],
    [
      'with a source identity with a space',
      () => ({ [SOURCE_IDENTITY]: 'a b' }),
      '400 InvalidIdentityTokenException: Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    ],
    ['with a source identity that is no text', () => ({ [SOURCE_IDENTITY]: ['ann'] }), NOT_VALIDATED],
  ])('%s', async (_name, claims, outcome) => {
    const before = federation.sessions.size;
    expect(await outcomeOf(assume({ ...ACME, ...claims() }))).toEqual(
      typeof outcome === 'string' ? outcome : expect.stringMatching(outcome),
    );
    expect(federation.sessions.size).toBe(before);
  });

  test.each<[name: string, make: () => Promise<string> | string, outcome: string]>([
    ['that is none', () => 'none', NOT_JWT],
    ['with a claim twice', () => signText(`{"iss":"${issuer.url}","iss":"${issuer.url}"}`), NOT_JWT],
    ['by a key that nobody published', () => issuer.sign(ACME, other), NO_KEY],
    [
      'by another key under the name of a published one',
      () => issuer.sign(ACME, other, { kid: 'key-1' }),
      NOT_VALIDATED,
    ],
    [
      'whose payload was changed',
      async () =>
        replaceSegment(await issuer.sign(ACME), 1, await issuer.sign(tagged({ TenantId: ['globex'] }))),
      NOT_VALIDATED,
    ],
    ['without a signature', async () => (await issuer.sign(ACME)).replace(/[^.]+$/, ''), NOT_VALIDATED],
    [
      'that says none is needed',
      async () => replaceHeader(await issuer.sign(ACME), { alg: 'none' }),
      NOT_VALIDATED,
    ],
    ['signed with the public key as a secret', () => signSymmetric(), NOT_VALIDATED],
  ])('%s', async (_name, make, outcome) => {
    expect(await outcomeOf(show(await make()))).toBe(outcome);
  });

  it('of an unknown issuer without asking anybody', async () => {
    await outcomeOf(assume({ iss: 'https://evil.example' }));
    expect(issuer.asked).toEqual([]);
  });

  it('of an issuer that the account of the role does not know', async () => {
    expect(await outcomeOf(assume(ACME, { RoleArn: roleArn('abroad', OTHER_ACCOUNT) }))).toContain(
      'No OpenIDConnect provider found',
    );
  });
});

/** A token that says just this. */
function signText(payload: string): Promise<string> {
  const { privateKey, jwk } = issuer.key;
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid ?? '' })
    .sign(privateKey);
}

/** What a verifier would take that uses a public key as it finds it. */
function signSymmetric(): Promise<string> {
  const secret = new TextEncoder().encode(JSON.stringify(issuer.key.jwk));
  return new SignJWT({ ...ACME, iss: issuer.url, aud: CLIENT_ID, sub: 'tenant:acme' })
    .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
    .setIssuedAt(now)
    .setExpirationTime(secondsFromNow(300))
    .sign(secret);
}

function replaceSegment(token: string, index: number, other: string): string {
  return token
    .split('.')
    .with(index, other.split('.')[index] ?? '')
    .join('.');
}

function replaceHeader(token: string, header: object): string {
  return replaceSegment(token, 0, Buffer.from(JSON.stringify(header)).toString('base64url'));
}

describe('the keys', () => {
  it('are found by discovery, and remembered for a while', async () => {
    await assume();
    await assume();
    expect(issuer.asked).toEqual(['/acme/.well-known/openid-configuration', '/acme/keys']);
  });

  it('are asked for again when a token names one that is not known', async () => {
    await assume();
    issuer.publish(other);
    expect(await outcomeOf(show(await issuer.sign(ACME, other)))).toBe('done');
  });

  it('stop counting soon after they are taken back', async () => {
    await assume();
    issuer.publish(other);
    expect(await outcomeOf(assume())).toBe('done');
    now = new Date(now.getTime() + 10_000);
    expect(await outcomeOf(assume())).toBe(NO_KEY);
  });

  test.each(['ES384', 'ES512'])('may be of %s', async (algorithm) => {
    const key = await createSigningKey('another', algorithm);
    issuer.publish(key);
    expect(await outcomeOf(show(await issuer.sign(ACME, key)))).toBe('done');
  });

  it('may not be of what IAM does not take', async () => {
    const key = await createSigningKey('another', 'Ed25519');
    issuer.publish(key);
    expect(await outcomeOf(show(await issuer.sign(ACME, key)))).toBe(NOT_VALIDATED);
  });

  it('must be told apart', async () => {
    issuer.publish(issuer.key, { ...other, jwk: { ...other.jwk, kid: 'key-1' } });
    expect(await outcomeOf(assume())).toBe(NO_KEY);
  });

  test.each<[name: string, status: number, body: () => unknown]>([
    ['is not there', 404, () => ''],
    ['is somewhere else', 302, () => ''],
    ['is no JSON', 200, () => '<html>'],
    ['is of another issuer', 200, () => ({ issuer: 'https://evil.example', jwks_uri: `${issuer.url}/keys` })],
    ['names no keys', 200, () => ({ issuer: issuer.url })],
    [
      'names keys that anybody could change on the way',
      200,
      () => ({ issuer: issuer.url, jwks_uri: 'http://127.0.0.2:1/keys' }),
    ],
    ['is endless', 200, () => ({ issuer: issuer.url, padding: 'x'.repeat(200_000) })],
  ])('are not to be had when the discovery document %s', async (_name, status, body) => {
    issuer.answerWith((request, response) => {
      if (request.url === '/acme/keys') response.end(JSON.stringify({ keys: [issuer.key.jwk] }));
      else response.writeHead(status, { location: '/acme/keys' }).end(JSON.stringify(body()));
    });
    expect(await outcomeOf(assume())).toBe(NO_KEY);
  });

  it('are not to be had while the issuer is down, which passes', async () => {
    const down = /^400 IDPCommunicationErrorException: The request could not be fulfilled/;
    issuer.answerWith((_request, response) => void response.writeHead(503).end());
    expect(await outcomeOf(assume())).toMatch(down);
    issuer.answerWith((request) => request.socket.destroy());
    expect(await outcomeOf(assume())).toMatch(down);
    issuer.answerWith(undefined);
    expect(await outcomeOf(assume())).toBe('done');
  });
});

describe('a parameter', () => {
  test.each<[name: string, request: Request, outcome: RegExp]>([
    [
      'RoleArn that is none',
      { RoleArn: 'arn:aws:iam::1:role/too-short' },
      /^400 ValidationError: .* is invalid$/,
    ],
    ['RoleArn that is too short', { RoleArn: 'short' }, /^400 ValidationError: .*'roleArn'/],
    ['RoleSessionName with a space', { RoleSessionName: 'a b' }, /^400 ValidationError: .*'roleSessionName'/],
    [
      'WebIdentityToken that is too short',
      { WebIdentityToken: 'abc' },
      /^400 ValidationError: .*'webIdentityToken'.*greater than or equal to 4$/,
    ],
    [
      'WebIdentityToken that is too long',
      { WebIdentityToken: 'x'.repeat(20_001) },
      /^400 ValidationError: .*'webIdentityToken'.*less than or equal to 20000$/,
    ],
    [
      'WebIdentityToken as long as can be',
      { WebIdentityToken: 'x'.repeat(20_000) },
      /^400 InvalidIdentityToken/,
    ],
    ['DurationSeconds below 900', { DurationSeconds: 899 }, /^400 ValidationError: .*'durationSeconds'/],
    ['DurationSeconds above 43200', { DurationSeconds: 43_201 }, /^400 ValidationError: .*'durationSeconds'/],
    [
      'DurationSeconds above the maximum of the role',
      { DurationSeconds: 3601, RoleArn: roleArn('short') },
      /^400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role\.$/,
    ],
    ['ProviderId of OpenID Connect', { ProviderId: '127.0.0.1' }, /^400 InvalidParameterValue: /],
    ['ProviderId of OAuth 2.0', { ProviderId: 'www.amazon.com' }, /^501 NotImplemented: /],
    ['Policy', { Policy: '{' }, /^400 MalformedPolicyDocumentException: /],
    ['PolicyArns', { PolicyArns: [{ arn: `${MANAGED}-not-there` }] }, /^400 InvalidParameterValue: /],
  ])('%s is refused', async (_name, request, outcome) => {
    const before = federation.sessions.size;
    expect(await outcomeOf(assume(ACME, request))).toMatch(outcome);
    expect(federation.sessions.size).toBe(before);
  });

  it('that nobody knows is not passed over', async () => {
    const body = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: TENANT,
      RoleSessionName: 'acme-1',
      WebIdentityToken: await issuer.sign(ACME),
      'Tags.member.1.Key': 'TenantId',
      'Tags.member.1.Value': 'globex',
    });
    const answer = await fetch(federation.stsEndpoint, { method: 'POST', body });
    expect(answer.status).toBe(501);
  });
});

it('says nothing of a token in its log', async () => {
  const token = await issuer.sign({ aud: 'somebody', secret: 'abracadabra' });
  await outcomeOf(show(token));
  const log = federation.logged.join('\n');
  expect(log).toContain('Incorrect token audience');
  expect(log).not.toContain(token.split('.')[1]);
  expect(log).not.toContain('abracadabra');
});

describe('a provider', () => {
  const sound: OpenIdProviderDefinition = {
    arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/idp.example/acme`,
    url: 'https://idp.example/acme',
    clientIds: [CLIENT_ID],
  };
  test.each<[name: string, changes: Partial<OpenIdProviderDefinition>]>([
    ['with the ARN of a role', { arn: TENANT }],
    ['whose ARN is of another URL', { arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/idp.example/globex` }],
    ['without client ids', { clientIds: [] }],
  ])('%s is not registered', (_name, changes) => {
    expect(() => parseOpenIdProviders([sound])).not.toThrow();
    expect(() => parseOpenIdProviders([{ ...sound, ...changes }])).toThrow();
  });
});
