import { expect, test } from 'vitest';
import { listed, type PolicyStatement } from '../../functions/core/profile/policy-document.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import { deployed, everyChoice, statementsOf, templateOf } from './synthesized.ts';

const ARNS = {
  SampleTenantDataBucket: 'arn:aws:s3:::data',
  SampleTenantDataTable: 'arn:aws:dynamodb:eu-central-1:111122223333:table/items',
};

// Of all that an environment may turn on, what there are other roles for; the company's own data would make nothing new.
const { domain, signingKeys, identityProviders, iamUsers } = everyChoice;
const template = templateOf({ domain, signingKeys, identityProviders, iamUsers });

test('the functions that administer, and no others, are told what the tenant role may do', () => {
  const told = Object.entries(template.findResources('AWS::Lambda::Function'))
    .map(([id, resource]) => [id, resource['Properties'].Environment?.Variables?.LATCHKEY_TENANT_ROLE_POLICY])
    .filter(([, policy]) => policy !== undefined);
  expect(told.map(([id]) => String(id).slice(0, -8)).sort()).toEqual([
    'AdministrationOnboardingFunction',
    'AdministrationTenantResourceFunction',
    'AdministrationTenantsFunction',
  ]);
  for (const [, policy] of told) {
    const document = JSON.parse(deployed(policy, ARNS) as string);
    expect(document.Statement).toEqual(deployed(statementsOf(template, 'TenantRole'), ARNS));
    expect(parsePolicy(document, 'role').statements).toHaveLength(3);
  }
});

// Profiles are previewed and proved over the one: what another permitted besides, nobody would see.
test.each(['PrincipalsFederatedRole', 'PrincipalsUsersMfaRole'])(
  '%s may do what the tenant role may, and nothing else',
  (prefix) => {
    const roles = template.findResources('AWS::IAM::Role');
    const [, role] = Object.entries(roles).find(([id]) => id.startsWith(prefix)) ?? [];
    expect(role?.['Properties'].ManagedPolicyArns).toBeUndefined();
    expect(statementsOf(template, prefix)).toHaveLength(3);
    expect(statementsOf(template, prefix)).toEqual(statementsOf(template, 'TenantRole'));
  },
);

// Profiles by sessionToken are proved over the tenant role with the id in place of the tag: prove/prove-user.ts.
test.each(['acme', 'globex'])(
  'the user of %s may do what the tenant role may, by its id and with MFA, and ask for the MFA role',
  (tenantId) => {
    const policies = Object.entries(template.findResources('AWS::IAM::ManagedPolicy'));
    const [, own] = policies.find(([id]) => id.startsWith(`PrincipalsUsersTenant${tenantId}Boundary`)) ?? [];
    const statements: readonly PolicyStatement[] = own?.['Properties'].PolicyDocument.Statement;
    const isOfSts = ({ Action }: PolicyStatement) => listed(Action).every((name) => name.startsWith('sts:'));
    const byTag = JSON.stringify(statementsOf(template, 'TenantRole'));
    const byId: readonly PolicyStatement[] = JSON.parse(
      byTag.replaceAll('${aws:PrincipalTag/TenantId}', tenantId),
    );
    const withMfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    expect(statements.filter((statement) => !isOfSts(statement))).toEqual(
      byId.map(({ Condition, ...each }) => ({ ...each, Condition: { ...Condition, ...withMfa } })),
    );
    const users = Object.values(template.findResources('AWS::IAM::User'));
    const user = users.find(({ Properties }) => Properties.UserName === tenantId)?.['Properties'];
    expect([user.Policies, user.ManagedPolicyArns]).toEqual([undefined, [user.PermissionsBoundary]]);
    expect(statements.filter(isOfSts)).toHaveLength(2);
  },
);
