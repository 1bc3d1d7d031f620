import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decideGrant } from '../../../../functions/core/grant/grant.ts';
import type { VendRequest } from '../../../../functions/core/grant/vend-request.ts';
import {
  allow,
  clock,
  codeOf,
  EXTERNAL_ID,
  NOW,
  RESOURCES,
  sampleCaller,
  sampleProfile,
  sampleTenant,
} from '../sample.ts';

const scope = { folder: { description: 'a folder', pattern: '.*', optional: true } };
const foldered = sampleProfile({
  scope,
  policy: allow({ Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.folder}}*' }),
});

describe('a grant', () => {
  it('is the whole request to STS', () => {
    const profile = sampleProfile({
      tags: { Plan: '{{tenant.attributes.plan}}' },
      transitiveTagKeys: ['TenantId'],
    });
    const grant = decideGrant(
      sampleCaller(),
      sampleTenant({ attributes: { plan: 'gold' } }),
      profile,
      {},
      clock,
    );
    expect(grant).toEqual({
      tenantId: 'acme',
      profile: 'app',
      method: 'assumeRole',
      webIdentityToken: undefined,
      userArn: undefined,
      samlProviderArn: undefined,
      mfa: undefined,
      contexts: [],
      droppableTags: [],
      roleArn: RESOURCES.tenantRoleArn,
      roleSessionName: expect.stringMatching(/^acme\.[\w-]{15}$/),
      durationSeconds: 3600,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Objects',
            Effect: 'Allow',
            Action: 's3:GetObject',
            Resource: ['arn:aws:s3:::latchkey-data/acme/*'],
          },
        ],
      }),
      policyArns: [],
      tags: [
        { key: 'TenantId', value: 'acme' },
        { key: 'Plan', value: 'gold' },
      ],
      transitiveTagKeys: ['TenantId'],
      sourceIdentity: grant.roleSessionName,
      externalId: undefined,
    });
  });

  it("takes the role and external id of a tenant's own account", () => {
    const roleArn = 'arn:aws:iam::444455556666:role/latchkey';
    const tenant = sampleTenant({ roles: { app: { roleArn } } });
    const grant = decideGrant(sampleCaller(), tenant, sampleProfile(), {}, clock);
    expect(grant).toMatchObject({ roleArn, externalId: EXTERNAL_ID });
  });

  it('leaves the source identity out where the profile says so', () => {
    const grant = decideGrant(
      sampleCaller(),
      sampleTenant(),
      sampleProfile({ sourceIdentity: false }),
      {},
      clock,
    );
    expect(grant.sourceIdentity).toBeUndefined();
  });

  test.each<[string, Partial<Parameters<typeof sampleTenant>[0]>, VendRequest, number]>([
    ['the default', {}, {}, 3600],
    ['as asked', {}, { durationSeconds: 900 }, 900],
    ["the tenant's cap under the profile's default", { limits: { maximumDurationSeconds: 1800 } }, {}, 1800],
  ])('lasts %s', (_what, tenant, request, seconds) => {
    expect(
      decideGrant(sampleCaller(), sampleTenant(tenant), sampleProfile(), request, clock).durationSeconds,
    ).toBe(seconds);
  });

  it('opens less with a scope parameter than without', () => {
    const resource = (request: VendRequest) =>
      JSON.parse(decideGrant(sampleCaller(), sampleTenant(), foldered, request, clock).policy).Statement[0]
        .Resource[0];
    expect(resource({})).toBe('arn:aws:s3:::latchkey-data/acme/*');
    expect(resource({ scope: { folder: 'reports/' } })).toBe('arn:aws:s3:::latchkey-data/acme/reports/*');
  });

  it('escapes what a value may hold and IAM would read', () => {
    const grant = decideGrant(
      sampleCaller(),
      sampleTenant(),
      foldered,
      { scope: { folder: 'a*b?c$d"e{{tenant.id}}/' } },
      clock,
    );
    const [statement] = JSON.parse(grant.policy).Statement;
    expect(statement.Resource).toEqual(['arn:aws:s3:::latchkey-data/acme/a${*}b${?}c${$}d"e{{tenant.id}}/*']);
  });
});

describe('no grant', () => {
  const profile = sampleProfile({ requiredScopes: ['vend', 'write'] });
  const withAttribute = sampleProfile({
    policy: allow({ Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{tenant.attributes.x}}/*' }),
  });
  const withTag = sampleProfile({ tags: { X: '{{tenant.attributes.x}}' } });
  const long = sampleProfile({
    policy: allow({
      Resource: Array.from(
        { length: 9 },
        (_, index) => `{{resources.tenantBucketArn}}/{{tenant.id}}/{{tenant.attributes.x}}/${index}/*`,
      ),
    }),
  });

  test.each<[string, unknown, () => unknown]>([
    [
      'a suspended tenant',
      'tenant_inactive',
      () =>
        decideGrant(sampleCaller(), sampleTenant({}, { holds: ['operator'] }), sampleProfile(), {}, clock),
    ],
    [
      'an offboarded tenant',
      'tenant_inactive',
      () =>
        decideGrant(
          sampleCaller(),
          sampleTenant({}, { offboardedAt: NOW.toISOString() }),
          sampleProfile(),
          {},
          clock,
        ),
    ],
    [
      'a token that ends now',
      'token_expired',
      () => decideGrant(sampleCaller({ validUntil: NOW }), sampleTenant(), sampleProfile(), {}, clock),
    ],
    [
      'a profile that nobody wrote',
      'profile_not_granted',
      () => decideGrant(sampleCaller(), sampleTenant(), undefined, {}, clock),
    ],
    [
      'a profile of others',
      'profile_not_granted',
      () => decideGrant(sampleCaller(), sampleTenant(), sampleProfile({ name: 'admin' }), {}, clock),
    ],
    [
      'one of two JWT scopes',
      'insufficient_scope',
      () => decideGrant(sampleCaller(), sampleTenant(), profile, {}, clock),
    ],
    [
      'under 15 minutes',
      'duration_out_of_range',
      () => decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), { durationSeconds: 899 }, clock),
    ],
    [
      'over an hour',
      'duration_out_of_range',
      () => decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), { durationSeconds: 3601 }, clock),
    ],
    [
      'over the tenant’s cap',
      'duration_out_of_range',
      () =>
        decideGrant(
          sampleCaller(),
          sampleTenant({ limits: { maximumDurationSeconds: 1000 } }),
          sampleProfile(),
          { durationSeconds: 1001 },
          clock,
        ),
    ],
    [
      'half a second',
      'duration_out_of_range',
      () => decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), { durationSeconds: 900.5 }, clock),
    ],
    [
      'no number',
      'duration_out_of_range',
      () =>
        decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), { durationSeconds: Number.NaN }, clock),
    ],
    [
      'a missing attribute',
      'policy_unrenderable',
      () => decideGrant(sampleCaller(), sampleTenant(), withAttribute, {}, clock),
    ],
    [
      'an attribute called like a method',
      'policy_unrenderable',
      () =>
        decideGrant(
          sampleCaller(),
          sampleTenant(),
          sampleProfile({
            policy: allow({
              Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{tenant.attributes.constructor}}/*',
            }),
          }),
          {},
          clock,
        ),
    ],
    [
      'a character above U+00FF',
      'policy_unrenderable',
      () => decideGrant(sampleCaller(), sampleTenant({ attributes: { x: 'а' } }), withAttribute, {}, clock),
    ],
    [
      'a no-break space',
      'policy_unrenderable',
      () =>
        decideGrant(
          sampleCaller(),
          sampleTenant({ attributes: { x: 'a\u00a0b' } }),
          withAttribute,
          {},
          clock,
        ),
    ],
    [
      'a newline',
      'policy_unrenderable',
      () =>
        decideGrant(sampleCaller(), sampleTenant({ attributes: { x: 'a\nb' } }), withAttribute, {}, clock),
    ],
    [
      'a tag value that STS does not take',
      'policy_unrenderable',
      () => decideGrant(sampleCaller(), sampleTenant({ attributes: { x: 'a*' } }), withTag, {}, clock),
    ],
    [
      'too long a policy',
      'policy_too_large',
      () =>
        decideGrant(sampleCaller(), sampleTenant({ attributes: { x: 'x'.repeat(256) } }), long, {}, clock),
    ],
    [
      'a policy and managed policies that are too long together',
      'policy_too_large',
      () =>
        decideGrant(
          sampleCaller(),
          sampleTenant({ attributes: { x: 'x'.repeat(180) } }),
          sampleProfile({
            policyArns: [
              { arn: `arn:aws:iam::111122223333:policy/${'x'.repeat(500)}`, boundedBecause: 'by its tag' },
            ],
            policy: allow({
              Resource: Array.from(
                { length: 7 },
                (_, index) =>
                  `{{resources.tenantBucketArn}}/{{tenant.id}}/{{tenant.attributes.x}}/${index}/*`,
              ),
            }),
          }),
          {},
          clock,
        ),
    ],
    [
      'an unknown scope parameter',
      'scope_invalid',
      () => decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), { scope: { folder: 'a/' } }, clock),
    ],
  ])('for %s', (_what, code, decide) => {
    expect(codeOf(decide)).toBe(code);
  });

  test.each([
    ['a climb', '../globex/'],
    ['a dot', './a/'],
    ['a slash at the start', '/a/'],
    ['two slashes', 'a//b/'],
    ['an escape', 'a%2fb/'],
    ['a backslash', 'a\\b/'],
    ['nothing', ''],
    ['a tab', 'a\tb/'],
    ['a zero-width space', 'a\u200bb/'],
    ['an umlaut', 'ä/'],
    ['257 characters', 'x'.repeat(257)],
  ])('for a scope value with %s, whatever the pattern allows', (_what, folder) => {
    expect(
      codeOf(() => decideGrant(sampleCaller(), sampleTenant(), foldered, { scope: { folder } }, clock)),
    ).toBe('scope_invalid');
  });

  it('for a scope value that only holds a match of the pattern', () => {
    const strict = sampleProfile({
      scope: { folder: { description: 'a folder', pattern: 'a/|b/' } },
      policy: allow({ Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.folder}}*' }),
    });
    const folder = (value: string) =>
      codeOf(() => decideGrant(sampleCaller(), sampleTenant(), strict, { scope: { folder: value } }, clock));
    expect(['a/', 'b/', 'xa/', 'b/x', 'a/b/'].map(folder)).toEqual([
      undefined,
      undefined,
      'scope_invalid',
      'scope_invalid',
      'scope_invalid',
    ]);
  });

  it('for a required scope parameter that is left out', () => {
    const strict = sampleProfile({
      scope: { folder: { description: 'a folder', pattern: '[a-z]+/' } },
      policy: allow({ Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.folder}}*' }),
    });
    expect(codeOf(() => decideGrant(sampleCaller(), sampleTenant(), strict, {}, clock))).toBe(
      'scope_invalid',
    );
  });

  it('says why an hour is the most, and what to use instead', () => {
    expect(() =>
      decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), { durationSeconds: 43_200 }, clock),
    ).toThrow(/900 to 3600 .*role chaining.*GET \/credentials\/container/);
  });
});

describe('whatever a scope value or an attribute holds', () => {
  it('the policy opens nothing that it did not open without, and stays one document of the same shape', () => {
    const shape = (policy: string) =>
      JSON.parse(policy, (key, value) => (key === 'Resource' ? value.length : value));
    const without = shape(decideGrant(sampleCaller(), sampleTenant(), foldered, {}, clock).policy);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), (folder) => {
        let policy: string;
        try {
          ({ policy } = decideGrant(sampleCaller(), sampleTenant(), foldered, { scope: { folder } }, clock));
        } catch (error) {
          expect((error as { code: string }).code).toBe('scope_invalid');
          return;
        }
        expect(shape(policy)).toEqual(without);
        const [resource] = JSON.parse(policy).Statement[0].Resource as string[];
        // Behind the tenant there is one wildcard, ours, at the end; all others are escapes.
        expect(resource).toMatch(/^arn:aws:s3:::latchkey-data\/acme\/(?:[^*?$]|\$\{[*?$]\})*\*$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('two callers share a session name only if they are one', () => {
    const name = (issuer: string, subject: string) =>
      decideGrant(
        sampleCaller({ issuer, subject }),
        sampleTenant({}, { tenantId: 'x'.repeat(48) }),
        sampleProfile(),
        {},
        clock,
      ).roleSessionName;
    const text = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, text, text, text, (issuerA, subjectA, issuerB, subjectB) => {
        const same = issuerA === issuerB && subjectA === subjectB;
        expect(name(issuerA, subjectA) === name(issuerB, subjectB)).toBe(same);
        expect(name(issuerA, subjectA)).toMatch(/^[\w+=,.@-]{2,64}$/);
      }),
    );
    expect(name('https://a', 'x'.repeat(100))).not.toBe(name('https://a', `${'x'.repeat(99)}y`));
  });
});
