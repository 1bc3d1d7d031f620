import { expect, test } from 'vitest';
import { createDynamoTenantRegistry } from '../../../../functions/adapters/registry/dynamo-tenant-registry.ts';
import { createDynamoTenantStore } from '../../../../functions/adapters/registry/dynamo-tenant-store.ts';
import { rememberTenants } from '../../../../functions/adapters/registry/remembered-tenant-registry.ts';
import { suspendTenant } from '../../../../functions/core/administration/tenant-changes.ts';
import type { TenantRegistry } from '../../../../functions/core/ports.ts';
import { REGISTRY_LAG_SECONDS } from '../../../../functions/core/revocation/revocation.ts';
import type { TenantReference } from '../../../../functions/core/token/caller.ts';
import { NOW } from '../../core/sample.ts';
import { definedTenant, ownIssuer, sharedIssuer, startDynamoRegistry } from './dynamo-registry.ts';

const POOL = 'https://pool.example';
const OWN = 'https://own.example';
const INSTANCES = 3;

/** What a vend would make of the tenant: `active`, another status, or why it can't be told. */
const outcomeOf = (registry: TenantRegistry, reference: TenantReference) =>
  registry.findTenant(reference).then(
    (tenant) => tenant?.status ?? 'none',
    ({ code }) => code as string,
  );

/** Seconds after the suspension → whether a request of DynamoDB fails then. */
test.each<[string, (second: number) => boolean]>([
  ['answers', () => false],
  ['fails every other second', (second) => second % 2 === 0],
  ['fails for ten seconds', (second) => second >= 10 && second < 20],
  ['fails from the suspension on', (second) => second >= 0],
])('a suspension bites in every instance in time, when DynamoDB %s', async (_, isDown) => {
  let now = NOW.getTime();
  const clock = () => new Date(now);
  const table = await startDynamoRegistry();
  const store = createDynamoTenantStore({ ...table.as('store'), clock });
  const acme = definedTenant('acme', {
    claims: [{ issuer: POOL, value: 'acme' }],
    issuers: [ownIssuer(OWN)],
  });
  await store.writeIssuer(sharedIssuer(POOL), undefined);
  await store.writeTenant(acme, undefined);
  const references: TenantReference[] = [
    { kind: 'claim', issuer: POOL, value: 'acme' },
    { kind: 'tenant', issuer: OWN, tenantId: acme.tenantId },
  ];
  const instances = [...Array(INSTANCES)].map(() =>
    rememberTenants(createDynamoTenantRegistry(table.as('vend')), clock),
  );
  const askAll = () =>
    Promise.all(instances.flatMap((each) => references.map((reference) => outcomeOf(each, reference))));

  // The instances begin to remember at different times, the last of them right before the suspension.
  for (const instance of instances) {
    now += 4000;
    for (const reference of references) expect(await outcomeOf(instance, reference)).toBe('active');
  }
  await store.writeTenant(suspendTenant(acme, 'operator', clock()), acme);

  const seen = new Set<string>();
  for (let second = 0; second <= 2 * REGISTRY_LAG_SECONDS; second += 1) {
    table.fail(() => (isDown(second) ? '500 before' : undefined));
    const outcomes = await askAll();
    if (second < REGISTRY_LAG_SECONDS) for (const outcome of outcomes) seen.add(outcome);
    else expect([second, outcomes]).toEqual([second, outcomes.filter((outcome) => outcome !== 'active')]);
    now += 1000;
  }
  expect(seen).toContain('active');
  await table.close();
});
