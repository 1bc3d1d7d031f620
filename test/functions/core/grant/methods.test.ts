import { describe, expect, it, test } from 'vitest';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import { functionFor, type Making, METHODS, ridesInToken } from '../../../../functions/core/grant/method.ts';
import type { VendRequest } from '../../../../functions/core/grant/vend-request.ts';
import { providedPrincipal } from '../../../../functions/core/profile/principal.ts';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { secret } from '../../../../functions/core/secret.ts';
import type { Caller } from '../../../../functions/core/token/caller.ts';
import {
  clock,
  codeOf,
  EXTERNAL_ID,
  RESOURCES,
  sampleCaller,
  sampleProfile,
  sampleTenant,
} from '../sample.ts';

const SAML_PROVIDER = 'arn:aws:iam::111122223333:saml-provider/acme';
const TENANT_USER = `${RESOURCES.tenantUserArnPrefix}acme`;
const CONTEXT_PROVIDER = 'arn:aws:iam::aws:contextProvider/IdentityCenter';

/** Every way of making sessions, by the name that the tables here give it. */
const WAYS = {
  assumeRole: { method: 'assumeRole', webIdentityToken: undefined, mfa: 'none' },
  mfaRole: { method: 'assumeRole', webIdentityToken: undefined, mfa: 'required' },
  latchkey: { method: 'webIdentity', webIdentityToken: 'latchkey', mfa: 'none' },
  caller: { method: 'webIdentity', webIdentityToken: 'caller', mfa: 'none' },
  saml: { method: 'saml', webIdentityToken: undefined, mfa: 'none' },
  federationToken: { method: 'federationToken', webIdentityToken: undefined, mfa: 'none' },
  sessionToken: { method: 'sessionToken', webIdentityToken: undefined, mfa: 'none' },
  mfaSessionToken: { method: 'sessionToken', webIdentityToken: undefined, mfa: 'required' },
} as const satisfies Record<string, Making>;
type Way = keyof typeof WAYS;
const ALL = Object.keys(WAYS) as readonly Way[];

const profileOf = (way: Way, changes: Partial<ProfileDefinition> = {}) =>
  sampleProfile({ ...WAYS[way], ...providedPrincipal(WAYS[way]), ...changes });

const CARRIED = {
  tags: [{ key: 'TenantId', value: 'acme' }],
  transitiveTagKeys: [],
  sourceIdentity: undefined,
  roleSessionName: undefined,
};
const MFA = { serialNumber: `arn:aws:iam::111122223333:mfa/acme`, tokenCode: secret('123456') };

/** A caller with what the way demands, and nothing else. */
const callerOf = (way: Way, changes: Partial<Caller> = {}) =>
  sampleCaller({
    carried: ridesInToken(WAYS[way]) ? CARRIED : undefined,
    samlProviderArn: way === 'saml' ? SAML_PROVIDER : undefined,
    ...changes,
  });
const requestOf = (way: Way): VendRequest => (WAYS[way].mfa === 'required' ? { mfa: MFA } : {});

interface Case {
  readonly caller?: Partial<Caller>;
  readonly definition?: Partial<ProfileDefinition>;
  readonly request?: VendRequest;
}

const decide = (way: Way, { caller = {}, definition = {}, request = {} }: Case = {}): Grant =>
  decideGrant(
    callerOf(way, caller),
    sampleTenant(),
    profileOf(way, definition),
    { ...requestOf(way), ...request },
    clock,
  );

describe('a grant by each method', () => {
  const name = expect.stringMatching(/^acme\.[\w-]{15}$/);
  const NOBODY = { roleArn: undefined, userArn: undefined, samlProviderArn: undefined, mfa: undefined };
  test.each<[Way, Partial<Grant>]>([
    ['assumeRole', { ...NOBODY, roleArn: RESOURCES.tenantRoleArn, sourceIdentity: name }],
    [
      'mfaRole',
      { ...NOBODY, roleArn: RESOURCES.mfaRoleArn, userArn: TENANT_USER, mfa: MFA, sourceIdentity: name },
    ],
    ['latchkey', { ...NOBODY, roleArn: RESOURCES.federatedRoleArn, sourceIdentity: name }],
    ['caller', { ...NOBODY, roleArn: RESOURCES.federatedRoleArn, sourceIdentity: undefined }],
    [
      'saml',
      {
        ...NOBODY,
        roleArn: RESOURCES.federatedRoleArn,
        samlProviderArn: SAML_PROVIDER,
        sourceIdentity: undefined,
      },
    ],
    [
      'federationToken',
      {
        ...NOBODY,
        userArn: RESOURCES.federationUserArn,
        sourceIdentity: undefined,
        roleSessionName: expect.stringMatching(/^[\w-]{15}\.[\w-]{15}$/) as never,
      },
    ],
    ['sessionToken', { ...NOBODY, userArn: TENANT_USER, tags: [], sourceIdentity: undefined }],
    ['mfaSessionToken', { ...NOBODY, userArn: TENANT_USER, tags: [], mfa: MFA, sourceIdentity: undefined }],
  ])('%s', (way, grant) => {
    const { method, webIdentityToken } = WAYS[way];
    expect(decide(way)).toMatchObject({
      tenantId: 'acme',
      method,
      webIdentityToken,
      roleSessionName: name,
      policy: expect.stringContaining('arn:aws:s3:::latchkey-data/acme/*'),
      tags: [{ key: 'TenantId', value: 'acme' }],
      externalId: undefined,
      contexts: [],
      ...grant,
    });
  });

  test.each(ALL)('%s never goes to STS without a policy', (way) => {
    expect(JSON.parse(decide(way).policy).Statement).toHaveLength(1);
  });

  it('has the names that token or assertion say, since STS takes them from there', () => {
    const carried = { ...CARRIED, sourceIdentity: 'acme.token', roleSessionName: 'acme.assertion' };
    expect(decide('saml', { caller: { carried } })).toMatchObject({
      sourceIdentity: 'acme.token',
      roleSessionName: 'acme.assertion',
    });
  });

  it('takes the external id of a role abroad by assumeRole alone: no other method has a place for it', () => {
    const roleArn = 'arn:aws:iam::444455556666:role/latchkey';
    const abroad = (way: Way) =>
      decideGrant(
        callerOf(way),
        sampleTenant({ roles: { app: { roleArn } } }),
        profileOf(way),
        requestOf(way),
        clock,
      );
    expect(abroad('assumeRole')).toMatchObject({ roleArn, externalId: EXTERNAL_ID });
    expect(abroad('latchkey')).toMatchObject({ roleArn, externalId: undefined });
  });

  it('passes on the contexts of providers that the profile names', () => {
    const contexts = [{ providerArn: CONTEXT_PROVIDER, contextAssertion: secret('assertion') }];
    const definition = { contextProviders: [CONTEXT_PROVIDER] };
    expect(decide('assumeRole', { definition, request: { contexts } }).contexts).toBe(contexts);
  });
});

describe('a refusal', () => {
  const contexts = [{ providerArn: CONTEXT_PROVIDER, contextAssertion: secret('assertion') }];
  const OTHER = { ...CARRIED, tags: [{ key: 'TenantId', value: 'globex' }] };
  test.each<[Way, string, Case, string]>([
    ['mfaRole', 'no code', { request: { mfa: undefined } }, 'mfa_required'],
    ['mfaSessionToken', 'no code', { request: { mfa: undefined } }, 'mfa_required'],
    ['assumeRole', 'a code that nobody checks', { request: { mfa: MFA } }, 'request_invalid'],
    ['latchkey', 'a code that nobody checks', { request: { mfa: MFA } }, 'request_invalid'],
    ['sessionToken', 'a code that nobody checks', { request: { mfa: MFA } }, 'request_invalid'],
    ['caller', 'a token that says nothing', { caller: { carried: undefined } }, 'token_tags_mismatch'],
    [
      'caller',
      'a token that says it unclearly',
      { caller: { carried: 'unreadable' } },
      'token_tags_mismatch',
    ],
    ['caller', "another tenant's token", { caller: { carried: OTHER } }, 'token_tags_mismatch'],
    ['saml', 'an assertion that says nothing', { caller: { carried: undefined } }, 'token_tags_mismatch'],
    ['saml', "another tenant's assertion", { caller: { carried: OTHER } }, 'token_tags_mismatch'],
    ['saml', 'a caller with a token', { caller: { samlProviderArn: undefined } }, 'profile_elsewhere'],
    ...ALL.filter((way) => way !== 'saml').map(
      (way) =>
        [way, 'an assertion', { caller: { samlProviderArn: SAML_PROVIDER } }, 'profile_elsewhere'] as [
          Way,
          string,
          Case,
          string,
        ],
    ),
    ['assumeRole', 'a context that the profile does not name', { request: { contexts } }, 'request_invalid'],
    ['caller', 'a context', { request: { contexts } }, 'request_invalid'],
    [
      'assumeRole',
      'a context of another provider',
      { definition: { contextProviders: ['arn:aws:iam::aws:contextProvider/Other'] }, request: { contexts } },
      'request_invalid',
    ],
  ])('%s: %s', (way, _what, given, code) => {
    expect(codeOf(() => decide(way, given))).toBe(code);
  });

  test.each<Way>(['assumeRole', 'latchkey', 'federationToken'])(
    '%s takes no notice of what a token says to STS, which does not see it',
    (way) => {
      expect(decide(way, { caller: { carried: OTHER } }).tags).toEqual(CARRIED.tags);
    },
  );
});

describe('a duration', () => {
  const LONGEST: Readonly<Record<Way, number>> = {
    assumeRole: 3600,
    mfaRole: 43_200,
    latchkey: 43_200,
    caller: 43_200,
    saml: 43_200,
    federationToken: 129_600,
    sessionToken: 129_600,
    mfaSessionToken: 129_600,
  };
  test.each(ALL)('by %s is as long as AWS makes it, and no longer', (way) => {
    const maximum = LONGEST[way];
    const definition = { durationSeconds: { maximum } };
    const asking = (durationSeconds: number) => () =>
      decide(way, { definition, request: { durationSeconds } });
    expect(asking(maximum)().durationSeconds).toBe(maximum);
    expect(codeOf(asking(maximum + 1))).toBe('duration_out_of_range');
    expect(codeOf(asking(899))).toBe('duration_out_of_range');
    const longer = { durationSeconds: { maximum: maximum + 1 } };
    expect(() => profileOf(way, longer)).toThrow(/durationSeconds/);
  });

  it('over an hour points to webIdentity where chaining is in the way, and nowhere else', () => {
    const detailOf = (way: Way) => {
      try {
        decide(way, { request: { durationSeconds: 7200 } });
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(detailOf('assumeRole')).toContain('webIdentity, which gives up to 12 hours');
    expect(detailOf('latchkey')).not.toContain('webIdentity');
    expect(detailOf('sessionToken')).not.toContain('webIdentity');
  });
});

describe('the function of a way', () => {
  test.each<[Way, string]>([
    ['assumeRole', 'vend'],
    ['mfaRole', 'iam-user'],
    ['latchkey', 'vend'],
    ['caller', 'vend'],
    ['saml', 'saml'],
    ['federationToken', 'iam-user'],
    ['sessionToken', 'iam-user'],
    ['mfaSessionToken', 'iam-user'],
  ])('%s: %s', (way, home) => {
    expect(functionFor(WAYS[way])).toBe(home);
  });

  it('is known for every method', () => {
    expect(new Set(Object.values(WAYS).map(({ method }) => method))).toEqual(new Set(METHODS));
  });
});
