import { describe, expect, test } from 'vitest';
import { VendingError } from '../../../functions/core/errors.ts';
import type { ProbeResult } from '../../../functions/core/verification/verification.ts';
import { createTenantResource } from '../../../functions/onboarding/tenant-resource.ts';
import { DEFINITION } from './sample-event.ts';

const HOLE: ProbeResult = {
  profile: 'app',
  roleArn: 'arn:aws:iam::444455556666:role/customer',
  probe: 'without_external_id',
  outcome: 'failed',
  detail: 'the role takes a session without the external id',
  cure: 'demand sts:ExternalId in its trust policy',
};
const fine: ProbeResult = { ...HOLE, outcome: 'passed' };

interface Situation {
  readonly probes?: readonly ProbeResult[];
  readonly refusal?: Error;
  /** The holds of the tenant that is there already. */
  readonly stored?: readonly string[];
}

function start({ probes = [fine], refusal, stored }: Situation = {}) {
  const calls: unknown[] = [];
  const record = { externalId: 'x'.repeat(43), version: 3 };
  const called = async <T>(call: readonly unknown[], answer: T): Promise<T> => {
    calls.push(call);
    if (refusal !== undefined) throw refusal;
    return answer;
  };
  const resource = createTenantResource({
    putTenant: (...args) => called(['put', ...args], { record, created: true } as never),
    getTenant: async () => {
      if (stored === undefined) throw new VendingError('tenant_not_found');
      return { ...record, holds: stored, version: 7 } as never;
    },
    verifyTenant: (_, tenantId) =>
      called(['verify', tenantId], {
        tenantId,
        passed: probes.every(({ outcome }) => outcome === 'passed' || outcome === 'not_applicable'),
        verifiedAt: '2026-11-22T10:00:00.000Z',
        probes,
      }),
    offboardTenant: (_, ...args) => called(['offboard', ...args], record as never),
  });
  return { resource, calls };
}

const STACK = 'arn:aws:cloudformation:eu-central-1:111122223333:stack/tenants/1';
const request = (RequestType: 'Create' | 'Update' | 'Delete', members: object = {}) => ({
  RequestType,
  RequestId: 'request-1',
  StackId: STACK,
  ResourceProperties: {
    ServiceToken: 'arn:aws:lambda:…',
    tenantId: 'acme',
    definition: JSON.stringify(DEFINITION),
  },
  ...members,
});
const act = { requestId: 'request-1', actor: STACK };

const ADOPT = {
  ResourceProperties: { tenantId: 'acme', definition: JSON.stringify(DEFINITION), adopt: 'true' },
};

test.each([
  ['Create', {}, undefined, 'absent'],
  // A deploy that failed halfway starts again with Create.
  ['Create', {}, ['onboarding'], 7],
  ['Create', ADOPT, [], 'any'],
  ['Update', { PhysicalResourceId: 'acme' }, [], 'any'],
  // CloudFormation offboards the former tenant by itself, since the physical id is another one.
  ['Update', { PhysicalResourceId: 'globex' }, undefined, 'absent'],
] as const)(
  '%s %o with %o there puts the tenant and verifies it',
  async (type, members, stored, precondition) => {
    const { resource, calls } = start(stored === undefined ? {} : { stored });
    expect(await resource(request(type, members))).toEqual({
      PhysicalResourceId: 'acme',
      Data: { externalId: 'x'.repeat(43), version: 3 },
    });
    expect(calls).toEqual([
      ['put', act, 'acme', DEFINITION, precondition, { holdUntilVerified: true }],
      ['verify', 'acme'],
    ]);
  },
);

test.each([
  ['Create', {}],
  ['Update', { PhysicalResourceId: 'globex' }],
] as const)('%s %o does not take over a tenant that somebody else has made', async (type, members) => {
  const { resource, calls } = start({ stored: [] });
  await expect(resource(request(type, members))).rejects.toThrow('got one that is there already');
  expect(calls).toEqual([]);
});

describe('Delete', () => {
  test('offboards the tenant of the physical id, whatever the properties say', async () => {
    const { resource, calls } = start();
    const answer = await resource(request('Delete', { PhysicalResourceId: 'globex' }));
    expect(answer).toEqual({ PhysicalResourceId: 'globex' });
    expect(calls).toEqual([['offboard', 'globex', 'any']]);
  });

  test('of a tenant that is not there is done', async () => {
    const { resource } = start({ refusal: new VendingError('tenant_not_found') });
    expect(await resource(request('Delete', { PhysicalResourceId: 'acme' }))).toEqual({
      PhysicalResourceId: 'acme',
    });
  });

  test('of what was never created touches nothing', async () => {
    const { resource, calls } = start();
    await resource(request('Delete', { PhysicalResourceId: 'AWSCDK::CustomResourceProviderFramework::X' }));
    expect(calls).toEqual([]);
  });

  test('that fails fails the deploy', async () => {
    const { resource } = start({ refusal: new VendingError('registry_unavailable') });
    await expect(resource(request('Delete', { PhysicalResourceId: 'acme' }))).rejects.toThrow(
      'registry_unavailable',
    );
  });
});

describe('a deploy fails with', () => {
  test('the hole and its cure', async () => {
    const { resource } = start({ probes: [fine, HOLE] });
    const work = resource(request('Create'));
    await expect(work).rejects.toThrow('without_external_id of profile app failed');
    await expect(work).rejects.toThrow('(cure: demand sts:ExternalId in its trust policy)');
  });

  test('what could not be tried', async () => {
    const { resource } = start({ probes: [{ ...HOLE, outcome: 'undecided', detail: 'STS is away' }] });
    await expect(resource(request('Create'))).rejects.toThrow('STS is away');
  });

  test('no more holes than CloudFormation takes', async () => {
    const probes = Array.from({ length: 50 }, () => ({ ...HOLE, detail: 'x'.repeat(300) }));
    const message = await start({ probes })
      .resource(request('Create'))
      .catch((error: Error) => error.message);
    expect(message).toContain('and 47 more');
    expect(String(message).length).toBeLessThan(2500);
  });

  const properties = (members: object) => ({
    ResourceProperties: { ...request('Create').ResourceProperties, ...members },
  });
  test.each<[object, string]>([
    [properties({ tenantId: 'Acme' }), 'tenantId'],
    [properties({ tenantId: undefined }), 'tenantId'],
    [properties({ definition: DEFINITION }), 'definition'],
    [properties({ definition: '{' }), 'not JSON'],
    [properties({ definitions: '{}' }), 'definitions'],
  ])('the wrong property: %o', async (members, place) => {
    const { resource, calls } = start();
    await expect(resource(request('Create', members))).rejects.toThrow(place);
    expect(calls).toEqual([]);
  });

  test.each([
    [new VendingError('binding_taken'), 'binding_taken: an issuer'],
    [new VendingError('request_invalid', { detail: 'tenant: profiles: x' }), 'tenant: profiles: x'],
    [new Error('a secret'), 'internal_error'],
  ])('%s', async (refusal, text) => {
    const work = start({ refusal }).resource(request('Create'));
    await expect(work).rejects.toThrow(text);
    await expect(work).rejects.not.toThrow('a secret');
  });
});
