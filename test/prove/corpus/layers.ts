import { allow, BUCKET, type CorpusEntry, deny, ID, keyed, named, TABLE, TAG } from './entry.ts';

const GET = 's3:GetObject';
const OBJECTS = [named(`${BUCKET}/${ID}/*`)];
const OWN = [allow(GET, `${BUCKET}/${ID}/*`)];
const BY_TAG = [allow(GET, `${BUCKET}/${TAG}/*`)];
const ALL = [allow('s3:*', '*')];
const BOUNDARIES = 'IAM User Guide, access_policies_boundaries';
const MANAGED = 'IAM User Guide, access_policies.html#policies_session (PolicyArns beside Policy)';

/** Permissions boundaries, and managed policies beside the session policy. */
export const LAYERS: readonly CorpusEntry[] = [
  {
    name: 'a managed policy that opens all, under a role that opens all',
    source: `${MANAGED}; trap: the two are an or, and boundedBecause is a sentence`,
    session: OWN,
    managed: ALL,
    role: ALL,
    owns: OBJECTS,
    verdict: 'crosses',
  },
  {
    name: 'a managed policy that opens all, under a role that goes by the tag',
    source: `${MANAGED}: what it is worth that the role holds`,
    session: OWN,
    managed: ALL,
    role: BY_TAG,
    owns: OBJECTS,
    verdict: 'isolated',
  },
  {
    name: 'a managed policy that goes by the tag itself',
    source: `${MANAGED}: variables work in it`,
    session: OWN,
    managed: BY_TAG,
    role: ALL,
    owns: OBJECTS,
    verdict: 'isolated',
  },
  {
    name: 'a managed policy that goes by the tag without a delimiter',
    source: 'trap: the same "acme*", where no check of a profile looks',
    session: OWN,
    managed: [allow(GET, `${BUCKET}/${TAG}*`)],
    role: ALL,
    owns: OBJECTS,
    verdict: 'crosses',
  },
  {
    name: 'a managed policy that lets a Scan through',
    source: 'trap: ForAllValues without Null, where no check of a profile looks',
    session: [
      allow('dynamodb:Query', TABLE, {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ID },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      }),
    ],
    managed: [
      allow('dynamodb:Scan', TABLE, { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': TAG } }),
    ],
    role: [allow('dynamodb:*', TABLE)],
    owns: [keyed(TABLE, 'dynamodb:LeadingKeys', ID)],
    verdict: 'crosses',
  },
  {
    name: 'a Deny in the managed policy',
    source: `${MANAGED}: a Deny in either counts`,
    session: [allow(GET, `${BUCKET}/*`)],
    managed: [{ Effect: 'Deny', Action: '*', NotResource: `${BUCKET}/${TAG}/*` }],
    role: ALL,
    owns: OBJECTS,
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'a boundary that goes by the tag, and nothing else that does',
    source: BOUNDARIES,
    session: OWN,
    managed: ALL,
    role: ALL,
    boundary: BY_TAG,
    owns: OBJECTS,
    verdict: 'isolated',
  },
  {
    name: 'a boundary that goes by the tag without a delimiter',
    source: `${BOUNDARIES}; trap: "acme*" a third time`,
    session: OWN,
    managed: ALL,
    role: ALL,
    boundary: [allow(GET, `${BUCKET}/${TAG}*`)],
    owns: OBJECTS,
    verdict: 'crosses',
  },
  {
    name: 'a boundary that denies the tenants of yesterday',
    source: `${BOUNDARIES}; trap: a Deny of names knows no tenant of tomorrow`,
    session: OWN,
    managed: ALL,
    role: ALL,
    boundary: [...ALL, deny('*', [`${BUCKET}/globex/*`, `${BUCKET}/acme-prod/*`])],
    owns: OBJECTS,
    verdict: 'crosses',
  },
  {
    name: 'a boundary that leaves nothing',
    source: `${BOUNDARIES}: closed is isolated`,
    session: OWN,
    role: ALL,
    boundary: [allow('sqs:*', '*')],
    owns: OBJECTS,
    verdict: 'isolated',
  },
];
