// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/** A policy that AWS publishes, and the page whose text says what it does. */
export interface PublishedPolicy {
  readonly page: string;
  readonly statements: readonly object[];
}

const allow = (action: string | readonly string[], resource: string | readonly string[], rest = {}) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...rest,
});
const deny = (action: string | readonly string[], resource: string | readonly string[], rest = {}) => ({
  ...allow(action, resource, rest),
  Effect: 'Deny',
});
const where = (operator: string, key: string, value: unknown) => ({
  Condition: { [operator]: { [key]: value } },
});
const operators = (statement: object): PublishedPolicy => ({
  page: `${IAM}/reference_policies_elements_condition_operators.html`,
  statements: [statement],
});

const BUCKET = 'arn:aws:s3:::BUCKET-NAME';
const SELF = 'arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar';
const THREAD = 'arn:aws:dynamodb:*:*:table/Thread';
const ATTRIBUTES = 'dynamodb:Attributes';

/** AWS's own examples, by what they show. */
export const PUBLISHED = {
  carlos: {
    page: `${IAM}/reference_policies_evaluation-logic_policy-eval-basics.html`,
    statements: [
      allow(['s3:GetBucketLocation', 's3:ListAllMyBuckets'], 'arn:aws:s3:::*', { Sid: 'AllowS3ListRead' }),
      allow('s3:*', [`${SELF}/*`, SELF], { Sid: 'AllowS3Self' }),
      deny('s3:*', 'arn:aws:s3:::*log*', { Sid: 'DenyS3Logs' }),
    ],
  },
  reports: {
    page: `${IAM}/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html`,
    statements: [
      allow(['iam:Get*', 'iam:List*'], '*', { Sid: 'AllowGetList' }),
      deny('iam:*Report', '*', { Sid: 'DenyReports' }),
    ],
  },
  homes: {
    page: `${IAM}/reference_policies_elements_condition_operators.html`,
    statements: [
      allow(['s3:ListAllMyBuckets', 's3:GetBucketLocation'], 'arn:aws:s3:::*'),
      allow(
        's3:ListBucket',
        BUCKET,
        where('StringLike', 's3:prefix', ['', 'home/', 'home/${aws:username}/']),
      ),
      allow('s3:*', [`${BUCKET}/home/\${aws:username}`, `${BUCKET}/home/\${aws:username}/*`]),
    ],
  },
  jobCategory: operators(
    allow(
      'iam:*AccessKey*',
      'arn:aws:iam::111122223333:user/*',
      where('StringEquals', 'aws:PrincipalTag/job-category', 'iamuser-admin'),
    ),
  ),
  maxKeys: operators(
    allow(
      's3:ListBucket',
      'arn:aws:s3:::example_bucket',
      where('NumericLessThanEquals', 's3:max-keys', '10'),
    ),
  ),
  freshToken: operators(
    allow('iam:*AccessKey*', '*', where('DateGreaterThan', 'aws:TokenIssueTime', '2020-01-01T00:00:01Z')),
  ),
  addresses: operators(
    allow(
      'someservice:*',
      '*',
      where('IpAddress', 'aws:SourceIp', ['203.0.113.0/24', '2001:DB8:1234:5678::/64']),
    ),
  ),
  instanceType: operators(
    allow('ec2:RunInstances', '*', where('StringLike', 'ec2:InstanceType', ['t1.*', 't2.*', 'm3.*'])),
  ),
  instanceTypeIfExists: operators(
    allow('ec2:RunInstances', '*', where('StringLikeIfExists', 'ec2:InstanceType', ['t1.*', 't2.*', 'm3.*'])),
  ),
  longTermKeys: operators(allow('ec2:*', '*', where('Null', 'aws:TokenIssueTime', 'true'))),
  allButDelete: {
    page: `${IAM}/reference_policies_elements_notaction.html`,
    statements: [{ Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: 'arn:aws:s3:::*' }],
  },
  mfa: {
    page: `${IAM}/reference_policies_elements_notaction.html`,
    statements: [
      {
        Effect: 'Deny',
        NotAction: 'iam:*',
        Resource: '*',
        ...where('BoolIfExists', 'aws:MultiFactorAuthPresent', 'false'),
      },
    ],
  },
  payroll: {
    page: `${IAM}/reference_policies_elements_notresource.html`,
    statements: [
      {
        Effect: 'Deny',
        Action: 's3:*',
        NotResource: ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'],
      },
    ],
  },
  regions: {
    page: `${IAM}/reference_policies_examples_aws_deny-requested-region.html`,
    statements: [
      {
        Effect: 'Deny',
        NotAction: ['cloudfront:*', 'iam:*', 'route53:*', 'support:*'],
        Resource: '*',
        ...where('StringNotEquals', 'aws:RequestedRegion', ['eu-central-1', 'eu-west-1']),
      },
    ],
  },
  networks: {
    page: `${IAM}/reference_policies_examples_aws_deny-ip.html`,
    statements: [
      deny('*', '*', {
        Condition: {
          NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] },
          Bool: { 'aws:ViaAWSService': 'false' },
        },
      }),
    ],
  },
  owner: {
    page: `${IAM}/reference_policies_examples_ec2_tag-owner.html`,
    statements: [
      allow(
        ['ec2:StartInstances', 'ec2:StopInstances'],
        'arn:aws:ec2:*:*:instance/*',
        where('StringEquals', 'aws:ResourceTag/Owner', '${aws:username}'),
      ),
    ],
  },
  team: {
    page: `${IAM}/reference_policies_variables.html#policy-vars-default-values`,
    statements: [
      allow('s3:ListBucket', "arn:aws:s3:::amzn-s3-demo-bucket-${aws:PrincipalTag/team, 'company-wide'}"),
    ],
  },
  leadingKeys: {
    page: `${IAM}/reference_policies_examples_dynamodb_items.html`,
    statements: [
      allow(
        ['dynamodb:GetItem', 'dynamodb:Query'],
        'arn:aws:dynamodb:*:*:table/MyTable',
        where('ForAllValues:StringEquals', 'dynamodb:LeadingKeys', ['${cognito-identity.amazonaws.com:sub}']),
      ),
    ],
  },
  attributes: {
    page: `${IAM}/reference_policies_condition-single-vs-multi-valued-context-keys.html`,
    statements: [
      allow(
        'dynamodb:GetItem',
        THREAD,
        where('ForAllValues:StringEquals', ATTRIBUTES, ['ID', 'Message', 'Tags']),
      ),
    ],
  },
  forbiddenAttributes: {
    page: `${IAM}/reference_policies_condition-single-vs-multi-valued-context-keys.html`,
    statements: [
      deny('dynamodb:PutItem', THREAD, where('ForAnyValue:StringEquals', ATTRIBUTES, ['ID', 'PostDateTime'])),
    ],
  },
} satisfies Record<string, PublishedPolicy>;
