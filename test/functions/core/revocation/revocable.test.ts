import { describe, expect, it, test } from 'vitest';
import {
  findRevocable,
  type Revocable,
  type RevocablePrincipals,
  sharedRevocables,
} from '../../../../functions/core/revocation/revocable.ts';
import {
  addRevocation,
  type Revocation,
  renderRevocation,
  renderRevocations,
  sweepRevocations,
} from '../../../../functions/core/revocation/revocation.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import { createContext } from '../../../../policy/context.ts';
import { evaluatePolicies } from '../../../../policy/evaluate.ts';
import { parsePolicy } from '../../../../policy/parse-policy.ts';
import { codeOf, RESOURCES } from '../sample.ts';

const { tenantRoleArn, federatedRoleArn, mfaRoleArn, federationUserArn, tenantUserArnPrefix } = RESOURCES;
const PRINCIPALS: RevocablePrincipals = {
  chainedRoleArns: [tenantRoleArn],
  longSessionRoleArns: [federatedRoleArn, mfaRoleArn],
  federationUserArn,
  tenantUserArnPrefix,
};
const ACME = parseTenantId('acme');
const USER = `${tenantUserArnPrefix}acme`;
const BEFORE = '2026-11-21T12:00:00Z';
const revocation = (tenantId = 'acme', before = BEFORE): Revocation => ({
  tenantId: parseTenantId(tenantId),
  before,
});
const found = (arn: string, tenantId = ACME) => findRevocable(PRINCIPALS, arn, tenantId) as Revocable;

describe('what sessions are cut off on', () => {
  test.each<[string, string, number, boolean]>([
    ['the tenant role', tenantRoleArn, 1, true],
    ['the role of tokens and assertions', federatedRoleArn, 12, true],
    ['the role of MFA', mfaRoleArn, 12, true],
    ['the user of federated users', federationUserArn, 36, true],
    ["the tenant's own user", USER, 36, false],
  ])('is %s', (_what, arn, hours, isShared) => {
    expect(found(arn)).toMatchObject({ arn, isShared, longestSessionSeconds: hours * 3600 });
  });

  test.each([
    ["another tenant's user", `${tenantUserArnPrefix}globex`],
    ['a user whose name begins as the tenant is called', `${USER}-prod`],
    ['all users of tenants', tenantUserArnPrefix],
    ['another role', 'arn:aws:iam::111122223333:role/latchkey-vend'],
    ['nothing', ''],
  ])('is not %s', (_what, arn) => {
    expect(findRevocable(PRINCIPALS, arn, ACME)).toBeUndefined();
  });

  it('is kept for the longest session of a role that stands in both lists', () => {
    const both = sharedRevocables({ ...PRINCIPALS, chainedRoleArns: [federatedRoleArn] });
    expect(both.filter(({ arn }) => arn === federatedRoleArn)).toMatchObject([
      { longestSessionSeconds: 43_200 },
    ]);
  });

  it('is swept but for users of tenants, each of which has one statement', () => {
    expect(sharedRevocables(PRINCIPALS).map(({ arn }) => arn)).toEqual([
      federatedRoleArn,
      mfaRoleArn,
      tenantRoleArn,
      federationUserArn,
    ]);
  });
});

test.each([
  ['the tenant role', tenantRoleArn, 1],
  ['the role of tokens and assertions', federatedRoleArn, 12],
  ['the user of federated users', federationUserArn, 36],
])('a revocation on %s is kept until the last session before it has ended', (_what, arn, hours) => {
  const after = (seconds: number) => new Date(Date.parse(BEFORE) + (hours * 3600 + seconds) * 1000);
  const kept = (seconds: number) => sweepRevocations([revocation()], found(arn), after(seconds)).length;
  expect([kept(299), kept(300)]).toEqual([1, 0]);
});

/** As AWS would say it of who may do everything, with the statements beside it. */
function isDenied(revocable: Revocable, context: Readonly<Record<string, string>>): boolean {
  const statements = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    ...renderRevocations([revocation()], revocable),
  ];
  const policy = parsePolicy({ Version: '2012-10-17', Statement: statements }, 'own');
  const keys = ['aws:TokenIssueTime', 'aws:PrincipalTag/TenantId'];
  const absent = keys.filter((key) => !(key in context));
  const request = {
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::x/y',
    context: createContext({ values: context, absent }),
  };
  return evaluatePolicies([policy], request).effect === 'explicitlyDenied';
}

describe('the sessions of an IAM user', () => {
  const old = { 'aws:TokenIssueTime': '2026-11-21T11:59:59Z' };
  const fresh = { 'aws:TokenIssueTime': BEFORE };

  it('that is one tenant’s are cut off by their time alone, for they carry no tag', () => {
    expect([isDenied(found(USER), old), isDenied(found(USER), fresh)]).toEqual([true, false]);
    expect(renderRevocation(revocation(), found(USER))).toEqual({
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': BEFORE } },
    });
  });

  it('go, and its long-term keys stay', () => {
    expect(isDenied(found(USER), {})).toBe(false);
  });

  it('that federates are cut off by their tag, and other tenants’ are not', () => {
    const tagged = (tenantId: string) => ({ ...old, 'aws:PrincipalTag/TenantId': tenantId });
    const federation = found(federationUserArn);
    expect([isDenied(federation, tagged('acme')), isDenied(federation, tagged('globex'))]).toEqual([
      true,
      false,
    ]);
  });

  it('are cut off by what an IAM user’s inline policies have room for', () => {
    const federation = found(federationUserArn);
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        revocation(
          `t${String(index).padStart(46, '0')}x`,
          `2026-11-21T12:00:${String(index % 60).padStart(2, '0')}Z`,
        ),
      ).reduce<readonly Revocation[]>(addRevocation, []);
    expect(JSON.stringify(renderRevocations(many(33), federation)).length).toBeLessThanOrEqual(1900);
    expect(codeOf(() => renderRevocations(many(40), federation))).toBe('revocations_full');
    expect(codeOf(() => renderRevocations(many(40), found(federatedRoleArn)))).toBeUndefined();
  });
});
