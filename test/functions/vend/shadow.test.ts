import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { createVendApp } from '../../../functions/vend/app.ts';
import { readVendEnvironment } from '../../../functions/vend/environment.ts';
import { wireVending } from '../../../functions/vend/wiring.ts';
import { vendVariables } from '../../../local/function-variables.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
import { readOnly } from '../../../profiles/read-only.ts';
import { startTestLatchkey, type TestLatchkey } from '../../latchkey.ts';

let latchkey: TestLatchkey;
beforeAll(async () => {
  latchkey = await startTestLatchkey();
});
afterAll(() => latchkey.close());

it('a shadow stands in the audit event of a real vend, and changes nothing of it', async () => {
  const audited: AuditEvent[] = [];
  const vending = wireVending({
    profileDefinitions,
    shadowProfileDefinitions: [{ ...readOnly, tags: { Tier: 'x' } }],
    environment: readVendEnvironment(vendVariables(latchkey.aws)),
    auditLog: { record: (event) => void audited.push(event) },
    clock: () => new Date(),
  });
  const app = createVendApp(vending);
  const token = await latchkey.issuer.sign();
  const vend = async (profile: string) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ profile });
    const response = await app.request('/credentials', { method: 'POST', headers, body }, {});
    return { status: response.status, answer: await response.json() };
  };
  expect(await vend('read-only')).toMatchObject({
    status: 200,
    answer: { sessionTags: { TenantId: 'acme' } },
  });
  expect((await vend('app')).status).toBe(200);
  expect(audited).toMatchObject([
    { code: 'granted', profile: 'read-only', shadow: { differs: true, changed: ['tags'] } },
    { code: 'granted', profile: 'app' },
  ]);
  expect(audited[1]).not.toHaveProperty('shadow');
});
