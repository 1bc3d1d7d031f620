import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { renderPolicy } from '../functions/core/profile/policy-template.ts';
import { parseProfile } from '../functions/core/profile/profile.ts';
import { TENANT_ID_PLACEHOLDER } from '../functions/core/profile/template.ts';
import { RESOURCES } from '../local/account.ts';
import { app } from '../profiles/app.ts';

/** The session policy of the shipped profile `app`, and what is put into it when acme vends. */
export const { policy: policyTemplate, roleArn } = parseProfile(app, RESOURCES);
export const policyValues = new Map([
  [TENANT_ID_PLACEHOLDER, 'acme'],
  ['scope.folder', ''],
]);

/** What Latchkey then asks of STS: the same for every client that is compared. */
export const assumeRoleInput: AssumeRoleCommandInput = {
  RoleArn: roleArn,
  RoleSessionName: 'acme.f3XkP0q_7ZbT2aM',
  DurationSeconds: 3600,
  Policy: renderPolicy(policyTemplate, policyValues),
  Tags: [{ Key: 'TenantId', Value: 'acme' }],
  SourceIdentity: 'acme.f3XkP0q_7ZbT2aM',
};
