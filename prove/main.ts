import { RESOURCES, TENANT_ROLE_ARN } from '../local/account.ts';
import { ROLES } from '../local/roles.ts';
import { loadProfileDefinitions } from '../profiles/load.ts';
import { ownership } from '../profiles/ownership.ts';
import { runProve } from './run-prove.ts';

// The local tenant role: a test holds it equal to the deployed one.
const { policies = {}, boundary } = ROLES.find(({ arn }) => arn === TENANT_ROLE_ARN) ?? {};

const { code, stdout, stderr } = runProve(process.argv.slice(2), {
  definitions: await loadProfileDefinitions(),
  role: { identityPolicies: policies, ...(boundary === undefined ? {} : { boundary }) },
  ownership,
  resources: RESOURCES,
});
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
