import { allow, arn, type CorpusEntry, deny, ID, keyed, named, TABLE, TAG } from './entry.ts';

const FGAC = 'Amazon DynamoDB Developer Guide, specifying-conditions (fine-grained access control)';
const COGNITO = 'IAM User Guide, reference_policies_examples_dynamodb_items';
const KEY = 'dynamodb:LeadingKeys';
const ITEMS = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'];
const WITH_SCAN = [...ITEMS, 'dynamodb:Scan', 'dynamodb:BatchGetItem'];
const PRESENT = { Null: { [KEY]: 'false' } };
const each = (operator: string, ...values: readonly string[]) => ({
  [`ForAllValues:${operator}`]: { [KEY]: values },
});
const OWN = { ...each('StringEquals', ID), ...PRESENT };
const OWNED = [keyed(TABLE, KEY, ID)];

/** Items by their partition key, and tables of tenants' own. */
export const DYNAMODB: readonly CorpusEntry[] = [
  {
    name: 'the tenant as partition key',
    source: `${FGAC}, with Null`,
    session: [allow(ITEMS, TABLE, OWN)],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'the tenant as partition key, Scan among the actions',
    source: `${FGAC}: a Scan has no leading keys`,
    session: [allow(WITH_SCAN, TABLE, OWN)],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'AWS’s own example without Null, and with Scan',
    source: `${COGNITO}; trap: ForAllValues is true of an absent key`,
    session: [allow(WITH_SCAN, TABLE, each('StringEquals', ID))],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'AWS’s own example without Null in the role alone',
    source: COGNITO,
    session: [allow(WITH_SCAN, TABLE, OWN)],
    role: [allow(WITH_SCAN, TABLE, each('StringEquals', TAG))],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'Null the wrong way round',
    source: 'trap: Null true demands that there is no key',
    session: [allow(WITH_SCAN, TABLE, { ...each('StringEquals', ID), Null: { [KEY]: 'true' } })],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'one of the keys is the tenant’s',
    source: 'trap: ForAnyValue lets a batch with one own key read the rest',
    session: [allow(WITH_SCAN, TABLE, { 'ForAnyValue:StringEquals': { [KEY]: [ID] } })],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'one of the keys is the tenant’s, in the role alone',
    source: 'trap: ForAnyValue, were it not for the session policy',
    session: [allow(WITH_SCAN, TABLE, OWN)],
    role: [allow(WITH_SCAN, TABLE, { 'ForAnyValue:StringEquals': { [KEY]: [TAG] } })],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'composite keys behind a hash sign',
    source: 'AWS SaaS Factory, dynamically generated IAM policies (LeadingKeys by tenant)',
    session: [allow(ITEMS, TABLE, { ...each('StringLike', `TENANT#${ID}`, `TENANT#${ID}#*`), ...PRESENT })],
    owns: [keyed(TABLE, KEY, `TENANT#${ID}`, `TENANT#${ID}#*`)],
    verdict: 'isolated',
  },
  {
    name: 'sharded keys behind a hyphen',
    source:
      'aws-samples serverless SaaS reference solution (LeadingKeys "{tenant}-*"); trap: acme-prod-1 is acme-prod’s',
    session: [allow(ITEMS, TABLE, { ...each('StringLike', `${ID}-*`), ...PRESENT })],
    owns: [keyed(TABLE, KEY, `${ID}-*`)],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'sharded keys behind a hyphen in the role alone',
    source: 'the same, were it not for the session policy',
    session: [allow(ITEMS, TABLE, { ...each('StringLike', `${ID}#*`), ...PRESENT })],
    role: [allow(ITEMS, TABLE, { ...each('StringLike', `${TAG}*`), ...PRESENT })],
    owns: [keyed(TABLE, KEY, `${ID}#*`)],
    verdict: 'isolated',
  },
  {
    name: 'keys that begin with the tenant',
    source: 'trap: StringLike "acme*"',
    session: [allow(ITEMS, TABLE, { ...each('StringLike', `${ID}*`), ...PRESENT })],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a wildcard that the operator takes literally',
    source: 'trap: StringEquals "acme*" opens the item called acme*, and nothing of acme’s',
    session: [allow(ITEMS, TABLE, { ...each('StringEquals', `${ID}#*`), ...PRESENT })],
    owns: [keyed(TABLE, KEY, `${ID}#*`)],
    verdict: 'isolated',
  },
  {
    name: 'keys that end with the tenant are owned',
    source: 'trap: what acme may call its own keys',
    session: [allow(ITEMS, TABLE, { ...each('StringLike', `${ID}#*`), ...PRESENT })],
    owns: [keyed(TABLE, KEY, `${ID}#*`, `*#${ID}`)],
    verdict: 'crosses',
  },
  {
    name: 'a table per tenant',
    source: 'SaaS Tenant Isolation Strategies (AWS whitepaper), silo isolation with DynamoDB',
    session: [
      allow('dynamodb:*', [arn('dynamodb', `table/orders-${ID}`), arn('dynamodb', `table/orders-${ID}/*`)]),
    ],
    owns: [named(arn('dynamodb', `table/orders-${ID}`)), named(arn('dynamodb', `table/orders-${ID}/*`))],
    verdict: 'isolated',
  },
  {
    name: 'tables that begin with the tenant',
    source: 'trap: table/acme-* has those of a tenant acme-prod',
    session: [allow(ITEMS, arn('dynamodb', `table/${ID}-*`))],
    owns: [named(arn('dynamodb', `table/${ID}-*`))],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'tables that begin with the tenant and an underscore',
    source: 'the cure of the one before: no id holds an underscore',
    session: [allow(ITEMS, arn('dynamodb', `table/${ID}_*`))],
    owns: [named(arn('dynamodb', `table/${ID}_*`))],
    verdict: 'isolated',
  },
  {
    name: 'attributes restricted as well',
    source: `${FGAC}, example 2 (dynamodb:Attributes and dynamodb:Select)`,
    session: [
      allow(ITEMS, TABLE, {
        'ForAllValues:StringEquals': { [KEY]: [ID], 'dynamodb:Attributes': ['pk', 'sk', 'text'] },
        StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        ...PRESENT,
      }),
    ],
    owns: OWNED,
    verdict: 'isolated',
  },
  {
    name: 'attributes restricted, and not the items',
    source: 'trap: ForAllValues on the wrong key',
    session: [allow(ITEMS, TABLE, { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': [ID] } })],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a role that denies foreign keys and allows all',
    source: 'trap: ForAnyValue is false of an absent key, so the Deny passes a Scan by',
    session: [allow(WITH_SCAN, TABLE)],
    role: [
      allow(WITH_SCAN, TABLE),
      deny(WITH_SCAN, TABLE, { 'ForAnyValue:StringNotEquals': { [KEY]: [TAG] } }),
    ],
    owns: OWNED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a role that denies foreign keys and the lack of keys',
    source: 'the cure of the one before',
    session: [allow(WITH_SCAN, TABLE)],
    role: [
      allow(WITH_SCAN, TABLE),
      deny(WITH_SCAN, TABLE, { 'ForAnyValue:StringNotEquals': { [KEY]: [TAG] } }),
      deny(WITH_SCAN, TABLE, { Null: { [KEY]: 'true' } }),
    ],
    owns: OWNED,
    verdict: 'isolated',
    refused: true,
  },
];
