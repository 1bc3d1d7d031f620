import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { inWholeSeconds } from '../../../../functions/core/instant.ts';
import { type Revocable, sharedRevocables } from '../../../../functions/core/revocation/revocable.ts';
import {
  addRevocation,
  parseRevocations,
  REVOCATION_POLICY_MAX_CHARACTERS,
  type Revocation,
  renderRevocation,
  renderRevocations,
  revocationInstant,
  sweepRevocations,
} from '../../../../functions/core/revocation/revocation.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import { createContext } from '../../../../policy/context.ts';
import { evaluatePolicies } from '../../../../policy/evaluate.ts';
import { parsePolicy } from '../../../../policy/parse-policy.ts';
import { codeOf, NOW } from '../sample.ts';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/tenant';
const [ROLE] = sharedRevocables({
  chainedRoleArns: [ROLE_ARN],
  longSessionRoleArns: [],
  federationUserArn: undefined,
  tenantUserArnPrefix: undefined,
}) as [Revocable];

const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const revocation = (tenantId: string, seconds: number): Revocation => ({
  tenantId: parseTenantId(tenantId),
  before: inWholeSeconds(at(seconds)),
});

/** As AWS would say it of a role that may do everything, with the statements among its own. */
function isDenied(revocations: readonly Revocation[], tenantId: string, issuedAt: Date): boolean {
  const statements = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    ...renderRevocations(revocations, ROLE),
  ];
  const policy = parsePolicy({ Version: '2012-10-17', Statement: statements }, 'role');
  const context = createContext({
    values: { 'aws:TokenIssueTime': inWholeSeconds(issuedAt), 'aws:PrincipalTag/TenantId': tenantId },
  });
  return (
    evaluatePolicies([policy], { action: 's3:GetObject', resource: 'arn:aws:s3:::x/y', context }).effect ===
    'explicitlyDenied'
  );
}

describe('from when on sessions may stand', () => {
  test.each<[string, string | undefined, number, number]>([
    ['now, for an active tenant', undefined, 10, 10],
    ['the next whole second', undefined, 10.2, 11],
    ['when every instance has heard that the tenant is suspended', at(0).toISOString(), 10, 30],
    ['now, when that is long ago', at(0).toISOString(), 99, 99],
  ])('%s', (_what, inactiveSince, now, seconds) => {
    expect(revocationInstant({ inactiveSince }, at(now))).toEqual(at(seconds));
  });
});

describe('the revocations of a role', () => {
  it('have one for each tenant, the later of two', () => {
    const both = [revocation('acme', 5), revocation('globex', 1)];
    expect(addRevocation(both, revocation('acme', 3))).toContainEqual(revocation('acme', 5));
    const later = addRevocation(both, revocation('acme', 7));
    expect(later).toHaveLength(2);
    expect(later).toContainEqual(revocation('acme', 7));
  });

  it('are swept when the last session before them must have ended, and not earlier', () => {
    const all = [revocation('acme', 0), revocation('globex', 1)];
    expect(sweepRevocations(all, ROLE, at(3600))).toEqual(all);
    expect(sweepRevocations(all, ROLE, at(3900))).toEqual([revocation('globex', 1)]);
  });

  test.each<[string, unknown]>([
    ['a tenant that is none', [{ tenantId: '*', before: '2026-11-21T12:00:00Z' }]],
    ['half a second', [{ tenantId: 'acme', before: '2026-11-21T12:00:00.500Z' }]],
    ['a time elsewhere', [{ tenantId: 'acme', before: '2026-11-21T12:00:00+01:00' }]],
    ['no list', {}],
  ])('are refused with %s', (_what, stored) => {
    expect(() => parseRevocations(stored)).toThrow('revocations');
  });
});

describe('the statements', () => {
  it('cut off one tenant by the time and the tag together', () => {
    expect(renderRevocation(revocation('acme', 0), ROLE)).toEqual({
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        DateLessThan: { 'aws:TokenIssueTime': '2026-11-21T12:00:00Z' },
        StringEquals: { 'aws:PrincipalTag/TenantId': ['acme'] },
      },
    });
  });

  it('are none for none', () => {
    expect(renderRevocations([], ROLE)).toEqual([]);
  });

  it('stay within what a role can hold, for as many tenants as can be named in it', () => {
    const longest = (index: number) => `t${String(index).padStart(46, '0')}x`;
    for (const count of [1, 10, 25, 26, 50, 100, 110]) {
      const revocations = Array.from({ length: count }, (_, index) => revocation(longest(index), index));
      expect(JSON.stringify(renderRevocations(revocations, ROLE)).length).toBeLessThanOrEqual(
        REVOCATION_POLICY_MAX_CHARACTERS,
      );
      for (const index of new Set([0, count >> 1, count - 1]))
        expect(isDenied(revocations, longest(index), at(index - 1))).toBe(true);
    }
  });

  it('say that they are full rather than leave one out', () => {
    const revocations = Array.from({ length: 200 }, (_, index) =>
      revocation(`tenant-${'x'.repeat(36)}-${index}`, index),
    );
    expect(codeOf(() => renderRevocations(revocations, ROLE))).toBe('revocations_full');
  });

  it('spare those that they need not merge', () => {
    const revocations = [revocation('acme', 0), revocation('globex', 100)];
    expect([isDenied(revocations, 'acme', at(0)), isDenied(revocations, 'acme', at(50))]).toEqual([
      false,
      false,
    ]);
  });

  it('deny what a revoked tenant had, and nothing of one that never was, whatever came before', () => {
    const tenant = fc.nat(99).map((index) => `tenant-${'x'.repeat(30)}-${index}`);
    const step = fc.oneof(
      {
        weight: 9,
        arbitrary: fc.record({
          kind: fc.constant('revoke' as const),
          tenantId: tenant,
          elapsed: fc.nat(120),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('sweep' as const),
          tenantId: tenant,
          elapsed: fc.nat(3000),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), fc.nat(), (steps, age) => {
        let now = 0;
        let stored: readonly Revocation[] = [];
        const revokedAt = new Map<string, number>();
        for (const { kind, tenantId, elapsed } of steps) {
          now += elapsed;
          stored =
            kind === 'sweep'
              ? sweepRevocations(stored, ROLE, at(now))
              : addRevocation(stored, revocation(tenantId, now));
          if (kind === 'revoke') revokedAt.set(tenantId, now);
          stored = parseRevocations(JSON.parse(JSON.stringify(stored)));
        }
        for (const [tenantId, instant] of revokedAt) {
          // Issued before, and within the hour that a session can live.
          const issued = instant - 1 - (age % 3600);
          if (issued + 3600 > now) expect(isDenied(stored, tenantId, at(issued))).toBe(true);
          expect(isDenied(stored, tenantId, at(now + 1))).toBe(false);
        }
        expect(isDenied(stored, 'never-revoked', at(-1))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
