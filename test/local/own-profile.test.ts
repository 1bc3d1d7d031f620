import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseTenantId } from '../../functions/core/tenant-id.ts';
import { app } from '../../profiles/app.ts';
import { ACT, startTestLatchkey, type TestLatchkey } from '../latchkey.ts';

let latchkey: TestLatchkey;
beforeAll(async () => {
  latchkey = await startTestLatchkey();
});
afterAll(() => latchkey.close());

const put = (ownProfile: object) =>
  latchkey.functions.administration.putTenant(
    ACT,
    parseTenantId('hooli'),
    { displayName: 'Hooli', profiles: ['own'], defaultProfile: 'own', ownProfiles: [ownProfile] },
    'any',
  );

it("a tenant's own profile is stored when it is proved, and only then", async () => {
  const arn = 'arn:aws:iam::111122223333:policy/extra';
  const unread = { ...app, name: 'own', policyArns: [{ arn, boundedBecause: 'somebody says so' }] };
  await expect(put(unread)).rejects.toMatchObject({
    code: 'request_invalid',
    faults: [{ path: ['ownProfiles', 0], message: expect.stringContaining('own: NOT PROVED') }],
  });
  await expect(put({ ...app, name: 'own' })).resolves.toMatchObject({ created: true });
});
