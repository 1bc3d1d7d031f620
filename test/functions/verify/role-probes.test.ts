import { expect, test } from 'vitest';
import { isTenantId, parseTenantId } from '../../../functions/core/tenant-id.ts';
import { planRoleProbes } from '../../../functions/core/verification/role-probes.ts';

const IDS = [
  'acme',
  'zzzz',
  'abc',
  'globex-corporation',
  'a'.repeat(48),
  'x'.repeat(48),
  `x${'-'.repeat(46)}x`,
];

test.each(IDS)('tries four other tenants on the role of %s', (tenantId) => {
  const roleSessionName = `${tenantId}.canary`;
  const allowed = {
    roleArn: 'arn:aws:iam::444455556666:role/customer',
    roleSessionName,
    tags: [{ key: 'TenantId', value: tenantId }],
    transitiveTagKeys: ['TenantId'],
    sourceIdentity: roleSessionName,
    externalId: 'Q'.repeat(43),
  };
  const attempts = planRoleProbes(allowed, parseTenantId(tenantId)).flatMap((plan) =>
    'attempts' in plan ? plan.attempts.map(({ request }) => request) : [],
  );
  const tags = attempts.flatMap((request) => request.tags.map(({ value }) => value));
  const foreign = new Set(tags.filter((value) => value !== '' && value !== tenantId));
  expect(foreign.size).toBe(4);
  expect([...foreign].filter((value) => !isTenantId(value))).toEqual([]);
  const externalIds = new Set(attempts.map(({ externalId }) => externalId));
  // The right one, none, and three wrong ones of the same form.
  expect(externalIds.size).toBe(5);
  for (const id of externalIds) expect(id ?? allowed.externalId).toMatch(/^[A-Za-z0-9_-]{43}$/);
  // Nothing is asked twice, and nothing that must be allowed.
  const asked = new Set([allowed, ...attempts].map((request) => JSON.stringify(request)));
  expect(asked.size).toBe(attempts.length + 1);
  for (const { roleSessionName: name } of attempts) expect(name.length).toBeLessThanOrEqual(64);
});
