import { expect, test } from 'vitest';
import { type ContextFacts, createContext } from '../../policy/context.ts';
import { evaluatePolicies } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import { PUBLISHED } from './published-policies.ts';

const [YES, NO, NEVER] = ['allowed', 'implicitlyDenied', 'explicitlyDenied'] as const;
type Row = readonly [
  example: keyof typeof PUBLISHED,
  action: string,
  resource: string,
  values: ContextFacts['values'],
  effect: string,
];

const SELF = 'arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar';
const HOME = 'arn:aws:s3:::BUCKET-NAME';
const KEYS = 'arn:aws:iam::111122223333:user/ann';
const INSTANCE = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1';
const table = (name: string) => `arn:aws:dynamodb:eu-west-1:111122223333:table/${name}`;
const bob = { 'aws:username': 'bob' };
const [CATEGORY, MAX, ISSUED] = ['aws:PrincipalTag/job-category', 's3:max-keys', 'aws:TokenIssueTime'];
const [IP, TYPE, MFA] = ['aws:SourceIp', 'ec2:InstanceType', 'aws:MultiFactorAuthPresent'];
const [REGION, OWNER, TEAM] = ['aws:RequestedRegion', 'aws:ResourceTag/Owner', 'aws:PrincipalTag/team'];
const [SUB, LEADING] = ['cognito-identity.amazonaws.com:sub', 'dynamodb:LeadingKeys'];
const ATTRIBUTES = 'dynamodb:Attributes';

const ROWS: readonly Row[] = [
  ['carlos', 's3:PutObject', `${SELF}/file`, {}, YES],
  ['carlos', 's3:PutObject', `${SELF}-logs/file`, {}, NEVER],
  ['carlos', 's3:GetBucketLocation', 'arn:aws:s3:::another', {}, YES],
  ['carlos', 's3:PutObject', 'arn:aws:s3:::another/file', {}, NO],
  ['reports', 'iam:GetUser', '*', {}, YES],
  ['reports', 'iam:CreatePolicy', '*', {}, NO],
  ['reports', 'iam:GetOrganizationsAccessReport', '*', {}, NEVER],
  ['reports', 'iam:GenerateCredentialReport', '*', {}, NEVER],
  ['homes', 's3:ListBucket', HOME, { ...bob, 's3:prefix': 'home/bob/' }, YES],
  ['homes', 's3:ListBucket', HOME, { ...bob, 's3:prefix': '' }, YES],
  ['homes', 's3:ListBucket', HOME, { ...bob, 's3:prefix': 'home/ann/' }, NO],
  ['homes', 's3:DeleteObject', `${HOME}/home/bob/x/y`, bob, YES],
  ['homes', 's3:GetObject', `${HOME}/home/bobby/x`, bob, NO],
  ['homes', 's3:GetObject', `${HOME}/home//x`, { 'aws:username': undefined }, NO],
  ['jobCategory', 'iam:CreateAccessKey', KEYS, { [CATEGORY]: 'iamuser-admin' }, YES],
  ['jobCategory', 'iam:CreateAccessKey', KEYS, { [CATEGORY]: undefined }, NO],
  ['jobCategory', 'iam:CreateUser', KEYS, { [CATEGORY]: 'iamuser-admin' }, NO],
  ['maxKeys', 's3:ListBucket', 'arn:aws:s3:::example_bucket', { [MAX]: '10' }, YES],
  ['maxKeys', 's3:ListBucket', 'arn:aws:s3:::example_bucket', { [MAX]: '11' }, NO],
  ['freshToken', 'iam:ListAccessKeys', KEYS, { [ISSUED]: '2020-03-01T00:00:00Z' }, YES],
  ['freshToken', 'iam:ListAccessKeys', KEYS, { [ISSUED]: '2019-03-01T00:00:00Z' }, NO],
  ['freshToken', 'iam:ListAccessKeys', KEYS, { [ISSUED]: undefined }, NO],
  ['addresses', 'someservice:Act', '*', { [IP]: '203.0.113.9' }, YES],
  ['addresses', 'someservice:Act', '*', { [IP]: '2001:db8:1234:5678::1' }, YES],
  ['addresses', 'someservice:Act', '*', { [IP]: '198.51.100.1' }, NO],
  ['addresses', 'someservice:Act', '*', { [IP]: undefined }, NO],
  ['instanceType', 'ec2:RunInstances', INSTANCE, { [TYPE]: 't2.micro' }, YES],
  ['instanceType', 'ec2:RunInstances', 'arn:aws:ec2:eu-west-1::image/ami-1', { [TYPE]: undefined }, NO],
  [
    'instanceTypeIfExists',
    'ec2:RunInstances',
    'arn:aws:ec2:eu-west-1::image/ami-1',
    { [TYPE]: undefined },
    YES,
  ],
  ['instanceTypeIfExists', 'ec2:RunInstances', INSTANCE, { [TYPE]: 'm5.large' }, NO],
  ['longTermKeys', 'ec2:StartInstances', INSTANCE, { [ISSUED]: undefined }, YES],
  ['longTermKeys', 'ec2:StartInstances', INSTANCE, { [ISSUED]: '2020-03-01T00:00:00Z' }, NO],
  ['allButDelete', 's3:GetObject', 'arn:aws:s3:::a/b', {}, YES],
  ['allButDelete', 's3:DeleteBucket', 'arn:aws:s3:::a', {}, NO],
  ['allButDelete', 's3:ListAllMyBuckets', '*', {}, NO],
  ['mfa', 'ec2:StartInstances', INSTANCE, { [MFA]: 'false' }, NEVER],
  ['mfa', 'ec2:StartInstances', INSTANCE, { [MFA]: undefined }, NEVER],
  ['mfa', 'ec2:StartInstances', INSTANCE, { [MFA]: 'true' }, NO],
  ['mfa', 'iam:ListUsers', '*', { [MFA]: 'false' }, NO],
  ['payroll', 's3:GetObject', 'arn:aws:s3:::HRBucket/Payroll/may', {}, NO],
  ['payroll', 's3:GetObject', 'arn:aws:s3:::HRBucket/Other/may', {}, NEVER],
  ['regions', 'ec2:StartInstances', INSTANCE, { [REGION]: 'us-east-1' }, NEVER],
  ['regions', 'ec2:StartInstances', INSTANCE, { [REGION]: 'eu-west-1' }, NO],
  ['regions', 'iam:ListUsers', '*', { [REGION]: 'us-east-1' }, NO],
  [
    'networks',
    's3:GetObject',
    'arn:aws:s3:::a/b',
    { [IP]: '198.51.100.1', 'aws:ViaAWSService': 'false' },
    NEVER,
  ],
  ['networks', 's3:GetObject', 'arn:aws:s3:::a/b', { [IP]: '198.51.100.1', 'aws:ViaAWSService': 'true' }, NO],
  ['networks', 's3:GetObject', 'arn:aws:s3:::a/b', { [IP]: '203.0.113.1', 'aws:ViaAWSService': 'false' }, NO],
  ['owner', 'ec2:StopInstances', INSTANCE, { ...bob, [OWNER]: 'bob' }, YES],
  ['owner', 'ec2:StopInstances', INSTANCE, { ...bob, [OWNER]: 'Bob' }, NO],
  ['team', 's3:ListBucket', 'arn:aws:s3:::amzn-s3-demo-bucket-yellow', { [TEAM]: 'yellow' }, YES],
  ['team', 's3:ListBucket', 'arn:aws:s3:::amzn-s3-demo-bucket-company-wide', { [TEAM]: 'yellow' }, NO],
  ['team', 's3:ListBucket', 'arn:aws:s3:::amzn-s3-demo-bucket-company-wide', { [TEAM]: undefined }, YES],
  ['leadingKeys', 'dynamodb:GetItem', table('MyTable'), { [SUB]: 'id-1', [LEADING]: ['id-1'] }, YES],
  ['leadingKeys', 'dynamodb:GetItem', table('MyTable'), { [SUB]: 'id-1', [LEADING]: ['id-1', 'id-2'] }, NO],
  ['leadingKeys', 'dynamodb:GetItem', table('YourTable'), { [SUB]: 'id-1', [LEADING]: ['id-1'] }, NO],
  ['attributes', 'dynamodb:GetItem', table('Thread'), { [ATTRIBUTES]: ['ID', 'Message', 'Tags'] }, YES],
  ['attributes', 'dynamodb:GetItem', table('Thread'), { [ATTRIBUTES]: ['ID', 'UserName'] }, NO],
  [
    'forbiddenAttributes',
    'dynamodb:PutItem',
    table('Thread'),
    { [ATTRIBUTES]: ['PostDateTime', 'Message'] },
    NEVER,
  ],
  ['forbiddenAttributes', 'dynamodb:PutItem', table('Thread'), { [ATTRIBUTES]: ['UserName'] }, NO],
];

for (const [example, action, resource, values, effect] of ROWS) {
  const { page, statements } = PUBLISHED[example];
  test(`${page}: ${example}, ${action} on ${resource} with ${JSON.stringify(values)} is ${effect}`, () => {
    const policy = parsePolicy({ Version: '2012-10-17', Statement: statements }, example);
    const context = createContext({ values });
    expect(evaluatePolicies([policy], { action, resource, context }).effect).toBe(effect);
  });
}
