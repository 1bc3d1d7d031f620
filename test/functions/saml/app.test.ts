import { AssumeRoleWithSAMLCommand, type Credentials } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import {
  AWS_RECIPIENT,
  IDP_ENTITY_ID,
  principalTag,
  ROLE,
  ROLE_SESSION_NAME,
  SOURCE_IDENTITY,
} from '../../local/sign-assertion.ts';
import { outcomeOf } from '../../local/start-federation.ts';
import {
  attributesOf,
  FEDERATED_ROLE,
  type LocalSaml,
  providerArn,
  responseOf as signedBy,
  startSaml,
} from './start-saml.ts';

const start = new Date();
let now = start;
let saml: LocalSaml;

beforeAll(async () => {
  saml = await startSaml(() => now);
});
afterAll(() => saml.close());
beforeEach(() => {
  now = start;
  saml.asked.length = 0;
  saml.audited.length = 0;
});

const responseOf: typeof signedBy = (tenantId, options) => signedBy(tenantId, { now, ...options });

/** As the local doors take them. */
const asSdk = ({ accessKeyId, secretAccessKey, sessionToken }: Record<string, string>) =>
  ({ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken }) as Credentials;
/** Whether credentials write into acme's data, and into globex's. */
const opens = async (credentials: Credentials | undefined) => [
  await saml.federation.put(credentials, 'acme'),
  await saml.federation.put(credentials, 'globex'),
];

describe('POST /credentials/saml', () => {
  it('takes the form that an identity provider has a browser post', async () => {
    const SAMLResponse = responseOf('acme', {
      attributes: attributesOf('acme', { [SOURCE_IDENTITY]: 'acme.ann' }),
    });
    const form = new URLSearchParams({ SAMLResponse, RelayState: 'https://acme.example/' });
    const { status, headers, answer } = await saml.post(form);
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    expect(answer).toMatchObject({
      tenantId: 'acme',
      profile: 'app',
      assumedRoleUser: { arn: expect.stringMatching(/\/latchkey-federated\/acme\.ann$/) },
      identity: {
        subject: 'ann@acme.example',
        subjectType: 'persistent',
        issuer: IDP_ENTITY_ID,
        audience: AWS_RECIPIENT,
        nameQualifier: expect.stringMatching(/^[\w+/]{27}=$/),
      },
      sourceIdentity: 'acme.ann',
      sessionTags: { TenantId: 'acme' },
      packedPolicySize: expect.any(Number),
    });
    expect(await opens(asSdk(answer.credentials))).toEqual(['done', 'AccessDenied']);
    expect(saml.audited).toMatchObject([
      {
        code: 'granted',
        method: 'saml',
        tenantId: 'acme',
        issuer: IDP_ENTITY_ID,
        roleArn: FEDERATED_ROLE,
        sourceIdentity: 'acme.ann',
        accessKeyId: answer.credentials.accessKeyId,
      },
    ]);
    expect(JSON.stringify(saml.audited)).not.toContain('ann@acme.example');
  });

  it('asks STS once, with a session policy, and without a signature', async () => {
    await saml.post({ samlResponse: responseOf('acme'), durationSeconds: 900 });
    const [asked, ...more] = saml.asked.map((body) => Object.fromEntries(new URLSearchParams(body)));
    expect(more).toEqual([]);
    expect(asked).toMatchObject({
      Action: 'AssumeRoleWithSAML',
      RoleArn: FEDERATED_ROLE,
      PrincipalArn: providerArn('acme'),
      DurationSeconds: '900',
      Policy: expect.stringContaining('arn:aws:s3:::tenant-data/acme/*'),
    });
  });

  test.each<[string, object]>([
    ['a form', { profile: 'app', durationSeconds: '1800', format: 'process' }],
    ['JSON', { profile: 'app', durationSeconds: 1800, format: 'process' }],
  ])('gives what is asked for in %s', async (kind, members) => {
    const response = responseOf('acme');
    const { answer } = await saml.post(
      kind === 'JSON'
        ? { samlResponse: response, ...members }
        : new URLSearchParams({ SAMLResponse: response, ...members }),
    );
    expect(answer).toMatchObject({ Version: 1, AccountId: '111122223333' });
    const lifetime = new Date(answer.Expiration).getTime() - now.getTime();
    expect(Math.round(lifetime / 1000)).toBeCloseTo(1800, -1);
  });

  it('gives up to twelve hours: the session is not chained', async () => {
    const { status } = await saml.post({ samlResponse: responseOf('acme'), durationSeconds: 43_200 });
    expect(status).toBe(200);
  });

  it('ends a session when the identity provider does', async () => {
    const sessionNotOnOrAfter = new Date(now.getTime() + 1_200_000);
    const { answer } = await saml.post({ samlResponse: responseOf('acme', { sessionNotOnOrAfter }) });
    const end = new Date(answer.credentials.expiration).getTime();
    expect(end).toBeLessThanOrEqual(sessionNotOnOrAfter.getTime());
  });
});

describe('whoever has an assertion and goes to STS without Latchkey', () => {
  const bypass = (SAMLAssertion: string, tenantId = 'acme') =>
    saml.federation.sts.send(
      new AssumeRoleWithSAMLCommand({
        RoleArn: FEDERATED_ROLE,
        PrincipalArn: providerArn(tenantId),
        SAMLAssertion,
      }),
    );

  it("opens the own tenant's data, and nothing foreign: the role is bounded by the tag", async () => {
    const { Credentials } = await bypass(responseOf('acme'));
    expect(await opens(Credentials)).toEqual(['done', 'AccessDenied']);
  });

  it('says that it is of another tenant: refused here without asking STS, and by STS', async () => {
    const tagged = attributesOf('acme', {
      [principalTag('TenantId')]: 'globex',
      [ROLE_SESSION_NAME]: 'globex.ann',
    });
    const samlResponse = responseOf('acme', { attributes: tagged });
    const { status, answer } = await saml.post({ samlResponse });
    expect([status, answer.code, saml.asked.length]).toEqual([403, 'token_tags_mismatch', 0]);
    expect(await outcomeOf(bypass(samlResponse))).toMatch(/^403 AccessDenied/);
  });

  it("shows it as another tenant's provider's: refused by STS", async () => {
    const attributes = attributesOf('globex');
    expect(await outcomeOf(bypass(responseOf('acme', { attributes }), 'globex'))).toMatch(
      /^400 InvalidIdentityToken/,
    );
  });
});

describe('what is asked for', () => {
  const asks = async (members: object, options: Parameters<typeof responseOf>[1] = {}) => {
    const { status, answer } = await saml.post({ samlResponse: responseOf('acme', options), ...members });
    return [status, answer.code, saml.asked.length];
  };

  test.each<[string, object, number, string]>([
    ['a session that is too short', { durationSeconds: 899 }, 400, 'duration_out_of_range'],
    ['a session that is too long', { durationSeconds: 43_201 }, 400, 'duration_out_of_range'],
    ['a profile of the vend function', { profile: 'chained' }, 400, 'profile_elsewhere'],
    ['a profile that is not granted', { profile: 'admin' }, 403, 'profile_not_granted'],
    ['what the profile has no parameter for', { scope: { folder: 'a/' } }, 400, 'scope_invalid'],
    ['MFA', { mfa: { serialNumber: 'arn:aws:x', tokenCode: '123456' } }, 400, 'request_invalid'],
  ])('%s is refused without asking STS', async (_what, members, status, code) => {
    expect(await asks(members)).toEqual([status, code, 0]);
  });

  test.each<[string, Record<string, string | readonly string[] | undefined>, number, string]>([
    ['the role of nobody', { [ROLE]: undefined }, 403, 'assertion_role_missing'],
    ['another role', { [ROLE]: `${FEDERATED_ROLE}-2,${providerArn('acme')}` }, 403, 'assertion_role_missing'],
    [
      "another tenant's provider",
      { [ROLE]: `${FEDERATED_ROLE},${providerArn('globex')}` },
      403,
      'assertion_role_missing',
    ],
    ['no tag', { [principalTag('TenantId')]: undefined }, 403, 'token_tags_mismatch'],
    ['a tag twice', { [principalTag('TenantId')]: ['acme', 'acme'] }, 403, 'token_tags_mismatch'],
    ['one tag more', { [principalTag('Role')]: 'admin' }, 403, 'token_tags_mismatch'],
    ["another tenant's session name", { [ROLE_SESSION_NAME]: 'globex.ann' }, 403, 'token_tags_mismatch'],
    ["another tenant's source identity", { [SOURCE_IDENTITY]: 'globex.ann' }, 403, 'token_tags_mismatch'],
    ['no session name', { [ROLE_SESSION_NAME]: undefined }, 401, 'assertion_invalid'],
  ])('an assertion with %s is refused without asking STS', async (_what, changes, status, code) => {
    expect(await asks({}, { attributes: attributesOf('acme', changes) })).toEqual([status, code, 0]);
  });

  it('is taken in whichever order the assertion names role and provider, beside others', async () => {
    const roles = [`${providerArn('acme')},${FEDERATED_ROLE}-2`, `${providerArn('acme')},${FEDERATED_ROLE}`];
    expect(await asks({}, { attributes: attributesOf('acme', { [ROLE]: roles }) })).toEqual([
      200,
      undefined,
      1,
    ]);
  });
});

describe('what is posted', () => {
  const SAMLResponse = 'PHg+';
  test.each<[string, string | object, Record<string, string>, number, string]>([
    ['nothing', '', {}, 401, 'assertion_missing'],
    ['a form without a response', 'RelayState=x', {}, 401, 'assertion_missing'],
    ['an empty response', 'SAMLResponse=', {}, 401, 'assertion_missing'],
    ['JSON without a response', {}, {}, 401, 'assertion_missing'],
    ['a response twice', `SAMLResponse=${SAMLResponse}&SAMLResponse=x`, {}, 400, 'request_invalid'],
    ['a member that nobody knows', `SAMLResponse=${SAMLResponse}&scope=x`, {}, 400, 'request_invalid'],
    ['a response that is no text', { samlResponse: 1 }, {}, 400, 'request_invalid'],
    ['no number of seconds', `SAMLResponse=${SAMLResponse}&durationSeconds=1e3`, {}, 400, 'request_invalid'],
    ['another media type', '<x/>', { 'Content-Type': 'text/xml' }, 415, 'media_type_unsupported'],
    [
      'another character set',
      `SAMLResponse=${SAMLResponse}`,
      { 'Content-Type': 'application/x-www-form-urlencoded; charset=latin1' },
      415,
      'media_type_unsupported',
    ],
    ['a form that is too large', `SAMLResponse=${'A'.repeat(163_840)}`, {}, 413, 'request_too_large'],
    ['JSON that is too large', { samlResponse: 'A'.repeat(163_840) }, {}, 413, 'request_too_large'],
    [
      'a token as well',
      `SAMLResponse=${SAMLResponse}`,
      { Authorization: 'Bearer x' },
      400,
      'request_invalid',
    ],
    ['a proof as well', `SAMLResponse=${SAMLResponse}`, { DPoP: 'x' }, 400, 'request_invalid'],
  ])('%s: refused', async (_what, body, headers, status, code) => {
    const { answer, ...response } = await saml.post(body, headers);
    expect([response.status, answer.code, saml.asked.length]).toEqual([status, code, 0]);
    expect(saml.audited).toMatchObject([{ code }]);
  });

  it('and a query: refused', async () => {
    const { status, answer } = await saml.post({ samlResponse: responseOf('acme') }, {}, '?profile=app');
    expect([status, answer.code, saml.asked.length]).toEqual([400, 'request_invalid', 0]);
  });
});
