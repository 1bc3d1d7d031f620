import { expect, it, test } from 'vitest';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { createIamUserApp } from '../../../functions/iam-user/app.ts';
import { readIamUserEnvironment } from '../../../functions/iam-user/environment.ts';
import { wireIamUserVending } from '../../../functions/iam-user/wiring.ts';
import { RESOURCES } from '../core/sample.ts';
import { PROFILES } from './start-users.ts';

const environment = readIamUserEnvironment({
  LATCHKEY_REGISTRY_TABLE: 'registry',
  LATCHKEY_USAGE_TABLE: 'usage',
  LATCHKEY_RESOURCES: JSON.stringify(RESOURCES),
  LATCHKEY_USER_SECRETS_PREFIX: 'latchkey/users/',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
});

function wire(profileDefinitions: readonly unknown[]) {
  const audited: AuditEvent[] = [];
  const auditLog = { record: (event: AuditEvent) => void audited.push(event) };
  const clock = () => new Date();
  return { audited, vending: wireIamUserVending({ environment, profileDefinitions, auditLog, clock }) };
}

test.each([
  ['no token', {}, 'token_missing'],
  ['one that is none', { Authorization: 'Bearer x' }, 'token_malformed'],
])('%s is refused here as everywhere', async (_what, headers, code) => {
  const { vending, audited } = wire(Object.values(PROFILES));
  const app = createIamUserApp(vending);
  const response = await app.request('/credentials/iam-user', { method: 'POST', headers }, {});
  expect([response.status, audited]).toMatchObject([401, [{ operation: 'vend', code }]]);
});

it("serves no profile whose user is not each tenant's own", () => {
  const shared = { ...PROFILES['session'], userArn: '{{resources.federationUserArn}}' };
  expect(() => wire([shared])).toThrow("expected the ARN of the tenant's own IAM user");
});
