import { allow, arn, type CorpusEntry, deny, ID, keyed, named, TAG } from './entry.ts';

const ABAC = 'IAM User Guide, tutorial_attribute-based-access-control';
const RESOURCE_TAG = 'aws:ResourceTag/TenantId';
const USE = ['ec2:StartInstances', 'ec2:StopInstances'];
const INSTANCES = arn('ec2', 'instance/*');
const equal = (key: string, ...values: readonly string[]) => ({ StringEquals: { [key]: values } });
const OWNED = [keyed(INSTANCES, RESOURCE_TAG, ID)];
const OWN = equal(RESOURCE_TAG, ID);

/** Resources that are told apart by their tags alone. */
export const TAGS: readonly CorpusEntry[] = [
  {
    name: 'instances with the tenant’s tag',
    source: 'IAM User Guide, reference_policies_examples_ec2_tag-owner',
    session: [allow(USE, INSTANCES, OWN)],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'a tag for the tenant and one for the team',
    source: ABAC,
    session: [
      allow(USE, INSTANCES, { StringEquals: { [RESOURCE_TAG]: ID, 'aws:ResourceTag/access-team': 'eng' } }),
    ],
    role: [
      allow(USE, INSTANCES, {
        StringEquals: { [RESOURCE_TAG]: TAG, 'aws:ResourceTag/access-team': ['eng', 'qas'] },
      }),
    ],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'the tenant’s tag or the common one',
    source: 'trap: two values of one key are an or',
    session: [allow(USE, INSTANCES, equal(RESOURCE_TAG, ID, 'common'))],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'the tenant’s tag or one that no tenant can be called',
    source: 'the cure of the one before, and declared shared by nobody',
    session: [allow(USE, INSTANCES, equal(RESOURCE_TAG, ID, 'Common'))],
    owns: OWNED,
    verdict: 'undeclared',
    refused: true,
  },
  {
    name: 'the tag that the request brings',
    source: `${ABAC}; trap: aws:RequestTag is the caller’s own word`,
    session: [allow('ec2:CreateTags', INSTANCES, equal('aws:RequestTag/TenantId', ID))],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'the tag that the request brings, on what has the tag already',
    source: ABAC,
    session: [allow('ec2:CreateTags', INSTANCES, equal(RESOURCE_TAG, ID))],
    role: [
      allow('ec2:CreateTags', INSTANCES, {
        StringEquals: { [RESOURCE_TAG]: TAG, 'aws:RequestTag/TenantId': TAG },
      }),
    ],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'another tag than the one that is declared',
    source: 'trap: a tag that looks like the right one',
    session: [allow(USE, INSTANCES, equal('aws:ResourceTag/Tenant', ID))],
    owns: OWNED,
    verdict: 'crosses',
  },
  {
    name: 'another tag in the session policy, the right one in the role',
    source: 'one of the two must hold, and does',
    session: [allow(USE, INSTANCES, equal('aws:ResourceTag/Tenant', ID))],
    role: [allow(USE, INSTANCES, equal(RESOURCE_TAG, TAG))],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'a role that denies what is tagged otherwise',
    source: `${ABAC}: a Deny with StringNotEquals`,
    session: [allow(USE, INSTANCES)],
    role: [allow('ec2:*', '*'), deny('ec2:*', '*', { StringNotEquals: { [RESOURCE_TAG]: TAG } })],
    owns: OWNED,
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'a role that denies what is tagged otherwise, where all of several are asked',
    source: 'trap: two keys under one operator are an and, also in a Deny',
    session: [allow(USE, INSTANCES)],
    role: [
      allow('ec2:*', '*'),
      deny('ec2:*', '*', { StringNotEquals: { [RESOURCE_TAG]: TAG, 'aws:ResourceTag/access-team': 'eng' } }),
    ],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a role with a default for sessions without a tag',
    source: 'IAM User Guide, reference_policies_variables (default values); every session has the tag',
    session: [allow('s3:GetObject', `arn:aws:s3:::data/${ID}/*`)],
    role: [allow('s3:GetObject', `arn:aws:s3:::data/\${aws:PrincipalTag/TenantId, 'common'}/*`)],
    owns: [named(`arn:aws:s3:::data/${ID}/*`)],
    verdict: 'isolated',
  },
  {
    name: 'a role that goes by another tag of the session',
    source: 'trap: a team of one tenant may be called as another tenant',
    session: [allow(USE, INSTANCES, equal('aws:ResourceTag/Team', ID))],
    role: [allow(USE, INSTANCES, equal(RESOURCE_TAG, `\${aws:PrincipalTag/team}`))],
    owns: OWNED,
    tags: { team: '{{tenant.attributes.team}}' },
    verdict: 'crosses',
  },
  {
    name: 'a tag that begins with the tenant and a colon',
    source: 'Amazon Bedrock AgentCore samples, a multi-tenant agent (actorId "tenant:*")',
    session: [allow(USE, INSTANCES, { StringLike: { [RESOURCE_TAG]: `${ID}:*` } })],
    owns: [keyed(INSTANCES, RESOURCE_TAG, `${ID}:*`)],
    verdict: 'isolated',
  },
  {
    name: 'a tag that holds the tenant somewhere',
    source: 'trap: a list of tenants in a tag, and StringLike "*acme*"',
    session: [allow(USE, INSTANCES, { StringLike: { [RESOURCE_TAG]: `*${ID}*` } })],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
];
