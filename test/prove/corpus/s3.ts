import { allow, BUCKET, type CorpusEntry, deny, ID, keyed, named, TAG } from './entry.ts';

const WHITEPAPER = 'SaaS Tenant Isolation Strategies (AWS whitepaper, 2020), pool isolation';
const HOME = 'IAM User Guide, reference_policies_examples_s3_home-directory-console';
const GET = 's3:GetObject';
const LIST = 's3:ListBucket';
const OBJECTS = [named(`${BUCKET}/${ID}/*`)];
const FILES = [...OBJECTS, keyed(BUCKET, 's3:prefix', `${ID}/*`)];
const ALL_OBJECTS = [allow(GET, `${BUCKET}/*`)];
const prefix = (...values: readonly string[]) => ({ StringLike: { 's3:prefix': values } });
const OWN_LIST = allow(LIST, BUCKET, prefix(`${ID}/*`));

/** Objects by prefix, and listing them. */
export const S3: readonly CorpusEntry[] = [
  {
    name: 'a prefix per tenant',
    source: WHITEPAPER,
    session: [allow([GET, 's3:PutObject', 's3:DeleteObject'], `${BUCKET}/${ID}/*`), OWN_LIST],
    owns: FILES,
    verdict: 'isolated',
  },
  {
    name: 'every object action on a prefix per tenant',
    source: 'aws-samples token vending machine, S3 template',
    session: [allow('s3:*', `${BUCKET}/${ID}/*`)],
    owns: OBJECTS,
    verdict: 'isolated',
  },
  {
    name: 'a home folder per tenant',
    source: HOME,
    session: [
      allow(['s3:Get*', 's3:Put*'], [`${BUCKET}/home/${ID}`, `${BUCKET}/home/${ID}/*`]),
      allow(LIST, BUCKET, prefix(`home/${ID}/*`)),
    ],
    owns: [
      named(`${BUCKET}/home/${ID}`),
      named(`${BUCKET}/home/${ID}/*`),
      keyed(BUCKET, 's3:prefix', `home/${ID}/*`),
    ],
    verdict: 'isolated',
  },
  {
    name: 'the console lists the root and home/ as well',
    source: HOME,
    session: [allow(LIST, BUCKET, prefix('', 'home/', `home/${ID}/*`))],
    owns: [keyed(BUCKET, 's3:prefix', `home/${ID}/*`)],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'the same console list in the role alone',
    source: HOME,
    session: [allow(LIST, BUCKET, prefix(`home/${ID}/*`))],
    role: [allow(LIST, BUCKET, prefix('', 'home/', `home/${TAG}/*`))],
    owns: [keyed(BUCKET, 's3:prefix', `home/${ID}/*`)],
    verdict: 'isolated',
  },
  {
    name: 'no delimiter behind the tenant',
    source: 'trap: acme reads acme-prod/ and acme2/',
    session: [allow(GET, `${BUCKET}/${ID}*`)],
    owns: OBJECTS,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'no delimiter in the role alone',
    source: 'trap: acme reads acme-prod/, were it not for the session policy',
    session: [allow(GET, `${BUCKET}/${ID}/*`)],
    role: [allow(GET, `${BUCKET}/${TAG}*`)],
    owns: OBJECTS,
    verdict: 'isolated',
  },
  {
    name: 'no delimiter in the session policy alone',
    source: 'trap: the template "{{tenant}}" as a bare prefix (facts/attacks.md)',
    session: [allow(GET, `${BUCKET}/${ID}*`)],
    role: [allow(GET, `${BUCKET}/${TAG}/*`)],
    owns: OBJECTS,
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'an exact list prefix',
    source: 'trap: asking for acme lists acme2/ as well (facts/attacks.md)',
    session: [allow(LIST, BUCKET, { StringEquals: { 's3:prefix': ID } })],
    owns: FILES,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a list without a condition',
    source: 'trap: without a prefix everything is listed',
    session: [allow(LIST, BUCKET)],
    owns: FILES,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a list whose condition passes without a prefix',
    source: 'trap: …IfExists is true of an absent key',
    session: [allow(LIST, BUCKET, { StringLikeIfExists: { 's3:prefix': `${ID}/*` } })],
    owns: FILES,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a role that lists everything under a session policy that does not',
    source: 'IAM User Guide, access_policies.html#policies_session',
    session: [OWN_LIST],
    role: [allow('s3:*', '*')],
    owns: FILES,
    verdict: 'isolated',
  },
  {
    name: 'a role that denies listing outside the tenant, and allows all',
    source: 'Amazon S3 User Guide, amazon-s3-policy-keys (s3:prefix with an explicit Deny)',
    session: [OWN_LIST],
    role: [allow(LIST, BUCKET), deny(LIST, BUCKET, { StringNotLike: { 's3:prefix': `${TAG}/*` } })],
    owns: FILES,
    verdict: 'isolated',
  },
  {
    name: 'only a role that denies listing outside the tenant',
    source: 'Amazon S3 User Guide, amazon-s3-policy-keys: an absent prefix is unlike any',
    session: [allow(LIST, BUCKET)],
    role: [allow(LIST, BUCKET), deny(LIST, BUCKET, { StringNotLike: { 's3:prefix': `${TAG}/*` } })],
    owns: FILES,
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'a Deny of every other resource in the role',
    source: 'IAM User Guide, reference_policies_elements_notresource (a Deny with NotResource)',
    session: ALL_OBJECTS,
    role: [...ALL_OBJECTS, { Effect: 'Deny', Action: 's3:*', NotResource: `${BUCKET}/${TAG}/*` }],
    owns: OBJECTS,
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'a Deny of everything but reading, which bounds nothing',
    source: 'trap: NotAction says what, not whose',
    session: ALL_OBJECTS,
    role: [...ALL_OBJECTS, { Effect: 'Deny', NotAction: GET, Resource: '*' }],
    owns: OBJECTS,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'the tenant behind a wildcard',
    source: 'trap: */acme/* opens globex/acme/',
    session: [allow(GET, `${BUCKET}/*/${ID}/*`)],
    owns: OBJECTS,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'question marks for a tenant of four letters',
    source: 'trap: a wildcard of one character names other tenants',
    session: [allow(GET, `${BUCKET}/????/*`)],
    owns: OBJECTS,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'the caller bounded, and not the data',
    source: 'trap: aws:PrincipalTag equal to itself, found in a published CDK sample',
    session: [allow(GET, `${BUCKET}/*`, { StringEquals: { 'aws:PrincipalTag/TenantId': ID } })],
    owns: OBJECTS,
    verdict: 'crosses',
    refused: true,
  },
];
