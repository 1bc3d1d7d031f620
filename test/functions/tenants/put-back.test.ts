import { beforeEach, describe, expect, test } from 'vitest';
import type { Precondition } from '../../../functions/core/administration/administration.ts';
import { VendingError } from '../../../functions/core/errors.ts';
import {
  ACTOR,
  definition,
  ISSUER,
  issuer,
  issuerRecord,
  operatorsOf,
  stubAdministration,
  tenantRecord,
} from './stub.ts';

const ACT = { requestId: 'request-1', actor: ACTOR };

let administration: ReturnType<typeof stubAdministration>;
let operate: ReturnType<typeof operatorsOf>;
beforeEach(() => {
  administration = stubAdministration();
  operate = operatorsOf(administration);
});

describe('what GET has answered can be put', () => {
  test.each([
    ['an active tenant', {}],
    ['a suspended one', { holds: ['operator', 'event'], inactiveSince: '2026-11-22T10:00:00.000Z' }],
    [
      'one with a history',
      { revokedBefore: '2026-11-22T10:00:00.000Z', verifiedAt: '2026-11-22T10:00:00.000Z' },
    ],
    ['a tombstone', { offboardedAt: '2026-11-22T10:00:00.000Z' }],
  ])('%s', async (_what, changes) => {
    const record = tenantRecord(changes);
    administration.getTenant.mockResolvedValue(record);
    const { json } = await operate('GET /tenants/acme');
    expect((await operate('PUT /tenants/acme', { body: json })).status).toBe(200);
    // On that very version: a write that came in between is not overwritten.
    expect(administration.putTenant.mock.calls).toEqual([[ACT, 'acme', record.definition, 7]]);
  });

  test('a shared issuer', async () => {
    const { json } = await operate(`GET ${ISSUER}`);
    expect((await operate(`PUT ${ISSUER}`, { body: json })).status).toBe(200);
    const { binding: _, ...terms } = issuerRecord.issuer;
    expect(administration.putIssuer.mock.calls).toEqual([[ACT, { ...terms, claim: 'tenant' }, 4]]);
  });

  test.each([
    ['status', 'suspended'],
    ['holds', ['operator']],
    ['externalId', 'chosen'],
    ['createdAt', '2026-11-21T10:00:00Z'],
    ['updatedAt', null],
    ['inactiveSince', '2026-11-22T10:00:00.000Z'],
    ['revokedBefore', '2026-11-22T10:00:00.000Z'],
    ['verifiedAt', '2026-11-22T10:00:00.000Z'],
    ['offboardedAt', '2026-11-22T10:00:00.000Z'],
    ['tenantId', 'globex'],
    ['tenantId', null],
  ])('but not with another %s: %j', async (member, value) => {
    const { json } = await operate('GET /tenants/acme');
    const { status, json: problem } = await operate('PUT /tenants/acme', {
      body: { ...json, [member]: value },
    });
    expect([status, problem.code, problem.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual(
      [400, 'request_invalid', [`/${member}`]],
    );
    expect(administration.putTenant).not.toHaveBeenCalled();
  });

  test.each([6, '7'])('but not with another version: %j', async (version) => {
    const { json } = await operate('GET /tenants/acme');
    const { status, json: problem } = await operate('PUT /tenants/acme', { body: { ...json, version } });
    expect([status, problem.code]).toEqual([412, 'precondition_failed']);
    expect(administration.putTenant).not.toHaveBeenCalled();
  });

  test.each<[Precondition, Record<string, string>]>([
    [6, { 'If-Match': '"6"' }],
    ['absent', { 'If-None-Match': '*' }],
  ])('nor when the headers want %j', async (_precondition, headers) => {
    const { json } = await operate('GET /tenants/acme');
    const answer = await operate('PUT /tenants/acme', { body: json, headers });
    expect([answer.status, answer.json.code]).toEqual([412, 'precondition_failed']);
    expect(administration.putTenant).not.toHaveBeenCalled();
  });

  test('nor read-only members of what is not there', async () => {
    administration.getTenant.mockRejectedValue(new VendingError('tenant_not_found'));
    administration.getIssuer.mockRejectedValue(new VendingError('issuer_not_found'));
    const ofTenant = await operate('PUT /tenants/acme', { body: { ...definition, version: 7 } });
    const ofIssuer = await operate(`PUT ${ISSUER}`, { body: { ...issuer, version: 4 } });
    for (const { status, json } of [ofTenant, ofIssuer])
      expect([status, json.errors[0].pointer]).toEqual([400, '/version']);
    expect([administration.putTenant, administration.putIssuer].map(({ mock }) => mock.calls)).toEqual([
      [],
      [],
    ]);
  });

  test('and a registry that cannot be read is no missing tenant', async () => {
    administration.getTenant.mockRejectedValue(new VendingError('registry_unavailable'));
    expect((await operate('PUT /tenants/acme', { body: { ...definition, version: 7 } })).status).toBe(503);
  });
});
