import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseTenantId } from '../../functions/core/tenant-id.ts';
import { addRole } from '../../local/aws/roles.ts';
import { fetchToken } from '../../local/fetch-token.ts';
import { type LocalLatchkey, startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { ACT, jsonOf } from '../latchkey.ts';

const ACME_ROLE = 'arn:aws:iam::444455556666:role/latchkey-acme';
const ACME = parseTenantId('acme');
const GLOBEX = parseTenantId('globex');

let latchkey: LocalLatchkey;
beforeAll(async () => {
  const auditLog = { record: () => {} };
  latchkey = await startLocal({ port: 0, profileDefinitions, auditLog, log: () => {} });
});
afterAll(() => latchkey.close());

/** Makes the role as CloudFormation would, in the customer's account. */
async function deployRoleTemplate(): Promise<void> {
  const { template } = await latchkey.functions.administration.roleTemplate(ACT, ACME);
  const { Role } = (template as { Resources: { Role: { Properties: Record<string, unknown> } } }).Resources;
  addRole(latchkey.aws.roles, {
    arn: ACME_ROLE,
    trustPolicy: JSON.parse(
      JSON.stringify(Role.Properties['AssumeRolePolicyDocument']).replaceAll(
        /\{"Fn::Sub":("[^"]*")\}/g,
        '$1',
      ),
    ),
    policies: {},
  });
}

async function useRole(tenantId: typeof ACME): Promise<void> {
  const { administration } = latchkey.functions;
  const { definition } = await administration.getTenant(ACT, tenantId);
  const roles = { app: { roleArn: ACME_ROLE } };
  await administration.putTenant(ACT, tenantId, { ...definition, roles }, 'any');
}

async function vend(tenantId: string): Promise<Response> {
  const headers = { Authorization: `Bearer ${await fetchToken(latchkey.facts, tenantId)}` };
  return fetch(`${latchkey.facts.api}/credentials`, { method: 'POST', headers });
}

it("a role of a customer's own account, from its template to a vend, is that customer's alone", async () => {
  const { administration } = latchkey.functions;
  await deployRoleTemplate();
  await useRole(ACME);
  await useRole(GLOBEX);
  const { probes } = await administration.verifyTenant(ACT, ACME);
  const outcomes = new Map(
    probes.filter(({ profile }) => profile === 'app').map(({ probe, outcome }) => [probe, outcome]),
  );
  for (const probe of [
    'canary_vend',
    'without_external_id',
    'with_wrong_external_id',
    'without_tenant_tag',
    'with_foreign_tenant_tag',
  ] as const)
    expect([probe, outcomes.get(probe)]).toEqual([probe, 'passed']);

  const vended = await jsonOf(await vend('acme'));
  // As JSON has it, the expiration is a text, and the SDK wants a Date.
  const { expiration, ...credentials } = vended.credentials;
  expect(Date.parse(expiration)).toBeGreaterThan(Date.now());
  const client = new STSClient({
    region: latchkey.facts.region,
    endpoint: latchkey.facts.sts,
    credentials,
  });
  const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
  expect([Account, Arn]).toEqual(['444455556666', expect.stringMatching(/role\/latchkey-acme\/acme\./)]);

  const foreign = await vend('globex');
  expect([foreign.status, (await jsonOf(foreign)).code]).toEqual([502, 'role_not_assumable']);
  const { roles } = await administration.revokeSessions(ACT, ACME);
  expect(roles).toContainEqual(expect.objectContaining({ roleArn: ACME_ROLE, outcome: 'by_customer' }));
});
