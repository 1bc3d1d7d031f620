import { describe, expect, it, test } from 'vitest';
import type { Precondition } from '../../../../functions/core/administration/administration.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { createMemoryTenantStore } from './memory-tenant-store.ts';
import { ACT, administrationOver, sampleAdministration } from './sample-administration.ts';

const URL_ = 'https://login.example.com/';
const ISSUER = {
  url: URL_,
  audience: 'https://credentials.example.com',
  jwksUri: `${URL_}jwks`,
  claim: 'org_id',
};
const CHANGED = { ...ISSUER, claim: 'org' };

describe('a shared issuer', () => {
  it('is put, read, listed and deleted', async () => {
    const { administration, audited } = sampleAdministration();
    const { record, created } = await administration.putIssuer(ACT, ISSUER, 'absent');
    expect([created, record.version, record.issuer.binding]).toEqual([
      true,
      1,
      { kind: 'claim', claim: 'org_id' },
    ]);
    expect(await administration.putIssuer(ACT, ISSUER, 1)).toMatchObject({
      created: false,
      record: { version: 1 },
    });
    expect(await administration.putIssuer(ACT, CHANGED, 1)).toMatchObject({
      created: false,
      record: { version: 2 },
    });
    expect(await administration.getIssuer(ACT, URL_)).toMatchObject({ version: 2 });
    expect((await administration.listIssuers(ACT, { limit: 9 })).items).toHaveLength(1);
    await administration.deleteIssuer(ACT, URL_, 2);
    await expect(administration.getIssuer(ACT, URL_)).rejects.toMatchObject({ code: 'issuer_not_found' });
    await expect(administration.deleteIssuer(ACT, URL_, 'any')).rejects.toMatchObject({
      code: 'issuer_not_found',
    });
    expect(audited.map(({ operation, code, issuer }) => [operation, code, issuer])).toEqual([
      ['issuer.put', 'granted', URL_],
      ['issuer.put', 'granted', URL_],
      ['issuer.put', 'granted', URL_],
      ['issuer.get', 'granted', URL_],
      ['issuer.list', 'granted', undefined],
      ['issuer.delete', 'granted', URL_],
      ['issuer.get', 'issuer_not_found', URL_],
      ['issuer.delete', 'issuer_not_found', URL_],
    ]);
  });

  test.each<[string, object, readonly PropertyKey[]]>([
    ['no claim', { ...ISSUER, claim: '' }, ['claim']],
    ['a symmetric algorithm', { ...ISSUER, algorithms: ['HS256'] }, ['algorithms', 0]],
    ['keys over http', { ...ISSUER, jwksUri: 'http://login.example.com/jwks' }, ['jwksUri']],
    ['keys from this machine', { ...ISSUER, jwksUri: 'http://localhost/jwks' }, ['jwksUri']],
  ])('is refused with %s', async (_what, written, path) => {
    const { administration, store } = sampleAdministration();
    await expect(administration.putIssuer(ACT, written, 'any')).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringMatching(/^issuer: /),
      faults: [{ path }],
    });
    expect(store.issuers.size).toBe(0);
  });

  it('may have keys from this machine where that is allowed', async () => {
    const { administration } = sampleAdministration({ allowLoopbackIssuers: true });
    const local = { ...ISSUER, jwksUri: 'http://localhost/jwks' };
    await expect(administration.putIssuer(ACT, local, 'any')).resolves.toMatchObject({ created: true });
  });

  test.each<[string, Precondition]>([
    ['another version', 2],
    ['none', 'absent'],
  ])('is left alone when the precondition names %s', async (_what, precondition) => {
    const { administration, store } = sampleAdministration();
    await administration.putIssuer(ACT, ISSUER, 'any');
    for (const call of [
      () => administration.putIssuer(ACT, CHANGED, precondition),
      () => administration.deleteIssuer(ACT, URL_, precondition),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'precondition_failed' });
    expect(store.issuers.get(URL_)?.version).toBe(1);
  });

  test.each<[string, Precondition, string | undefined]>([
    ['whatever is there', 'any', undefined],
    ['a version', 1, 'precondition_failed'],
  ])(
    'that somebody else writes meanwhile is deleted by a precondition of %s: %s',
    async (_what, precondition, code) => {
      const store = createMemoryTenantStore();
      const other = administrationOver(store).administration;
      await other.putIssuer(ACT, ISSUER, 'any');
      let written = false;
      const crowded: typeof store = {
        ...store,
        async deleteIssuer(previous) {
          if (!written) await other.putIssuer(ACT, CHANGED, 'any');
          written = true;
          await store.deleteIssuer(previous);
        },
      };
      const { administration } = administrationOver(store, { store: crowded });
      const outcome = await administration
        .deleteIssuer(ACT, URL_, precondition)
        .catch((error: VendingError) => error.code);
      expect(outcome).toBe(code);
      expect(store.issuers.has(URL_)).toBe(code !== undefined);
    },
  );

  it('whose deletion was repeated by the SDK, the answer lost, is deleted', async () => {
    const store = createMemoryTenantStore();
    const repeating: typeof store = {
      ...store,
      async deleteIssuer(previous) {
        await store.deleteIssuer(previous);
        throw new VendingError('write_conflict');
      },
    };
    const { administration } = administrationOver(store, { store: repeating });
    await administration.putIssuer(ACT, ISSUER, 'any');
    await expect(administration.deleteIssuer(ACT, URL_, 1)).resolves.toBeUndefined();
  });
});
