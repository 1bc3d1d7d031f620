type Statement = readonly [what: string, statement: object];

const OWN = '{{resources.tenantBucketArn}}/{{tenant.id}}/*';
const TABLE = '{{resources.tenantTableArn}}';
const keys = (operator: string) => ({ [operator]: { 'dynamodb:LeadingKeys': '{{tenant.id}}' } });
const s3 = { Effect: 'Allow', Action: 's3:GetObject' };
const list = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '{{resources.tenantBucketArn}}' };
const query = { Effect: 'Allow', Action: 'dynamodb:Query', Resource: TABLE };
const prefix = (value: string) => ({ Condition: { StringLike: { 's3:prefix': value } } });

/** Of profiles that keep to the tenant. */
export const BOUNDED: readonly Statement[] = [
  ['an object of its own', { ...s3, Resource: OWN }],
  ['a list of its own', { ...list, ...prefix('{{tenant.id}}/*') }],
  [
    'items of its own',
    {
      ...query,
      Condition: { ...keys('ForAllValues:StringEquals'), Null: { 'dynamodb:LeadingKeys': 'false' } },
    },
  ],
];

/** Of profiles that do not: rules 4 and 5, and a bare prefix. */
export const UNBOUNDED: readonly Statement[] = [
  ['everything', { ...s3, Resource: '*' }],
  ['NotAction', { Effect: 'Allow', NotAction: 's3:PutObject', Resource: OWN }],
  ['NotResource', { ...s3, NotResource: OWN }],
  ['NotAction beside Action', { ...s3, Resource: OWN, NotAction: 's3:PutObject' }],
  ['NotResource beside Resource', { ...s3, Resource: OWN, NotResource: OWN }],
  ['NotPrincipal', { ...s3, Resource: OWN, NotPrincipal: '*' }],
  ['the tenant without a delimiter', { ...s3, Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}*' }],
  ['a list without a delimiter', { ...list, ...prefix('{{tenant.id}}*') }],
  ['a list of the bare tenant', { ...list, ...prefix('{{tenant.id}}') }],
  ['a wildcard before the tenant', { ...s3, Resource: '{{resources.tenantBucketArn}}/*/{{tenant.id}}/*' }],
  [
    'a scope value before the tenant',
    { ...s3, Resource: '{{resources.tenantBucketArn}}/{{scope.place}}/{{tenant.id}}/*' },
  ],
  [
    'an attribute before the tenant',
    { ...s3, Resource: '{{resources.tenantBucketArn}}/{{tenant.attributes.a}}/{{tenant.id}}/*' },
  ],
  ['a second Resource that is not', { ...s3, Resource: [OWN, '{{resources.tenantBucketArn}}/shared/*'] }],
  ['a negated operator', { ...list, Condition: { StringNotLike: { 's3:prefix': '{{tenant.id}}/*' } } }],
  [
    'an operator that passes without the key',
    { ...list, Condition: { StringLikeIfExists: { 's3:prefix': '{{tenant.id}}/*' } } },
  ],
  ['ForAllValues without Null', { ...query, Condition: keys('ForAllValues:StringEquals') }],
  [
    'ForAnyValue',
    {
      ...query,
      Condition: { ...keys('ForAnyValue:StringEquals'), Null: { 'dynamodb:LeadingKeys': 'false' } },
    },
  ],
  ['a variable of IAM', { ...s3, Resource: '{{resources.tenantBucketArn}}/${aws:PrincipalTag/TenantId}/*' }],
  [
    'half a variable before a value',
    { ...s3, Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/${{scope.place}}/*' },
  ],
  ['a placeholder in an action', { Effect: 'Allow', Action: 's3:{{scope.place}}', Resource: OWN }],
  ['a placeholder that there is not', { ...s3, Resource: '{{resources.tenantBucketArn}}/{{tenant}}/*' }],
  [
    'a placeholder that there is not, behind the tenant',
    { ...s3, Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{tenant.plan}}/*' },
  ],
  [
    'a tag of the caller for a bound',
    { ...query, Condition: { StringEquals: { 'aws:PrincipalTag/TenantId': '{{tenant.id}}' } } },
  ],
  ['a Deny alone', { Effect: 'Deny', Action: 's3:GetObject', Resource: OWN }],
];
