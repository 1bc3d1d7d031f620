import { allow, arn, type CorpusEntry, deny, ID, keyed, named, share, TAG } from './entry.ts';

const ECR_PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const repository = (name: string) => arn('ecr', `repository/${name}`);
const glue = (name: string) => arn('glue', name);
const QUERY = ['athena:StartQueryExecution', 'athena:GetQueryResults'];

/** Images, queries, functions, logs, APIs. */
export const WORKLOADS: readonly CorpusEntry[] = [
  {
    name: 'a namespace of repositories per tenant',
    source: 'Amazon ECR User Guide, security_iam_id-based-policy-examples',
    session: [allow(ECR_PULL, repository(`${ID}/*`))],
    owns: [named(repository(`${ID}/*`))],
    verdict: 'isolated',
  },
  {
    name: 'a namespace of repositories, and the token to pull with',
    source:
      'Amazon ECR User Guide: GetAuthorizationToken takes no resource, and nobody has said that it is shared',
    session: [allow(ECR_PULL, repository(`${ID}/*`)), allow('ecr:GetAuthorizationToken', '*')],
    owns: [{ resource: repository(`${ID}/*`), actions: ECR_PULL }],
    verdict: 'undeclared',
    refused: true,
  },
  {
    name: 'a namespace of repositories, and the token that all may have',
    source: 'Amazon ECR User Guide: GetAuthorizationToken takes no resource; declared shared',
    session: [allow(ECR_PULL, repository(`${ID}/*`)), allow('ecr:GetAuthorizationToken', '*')],
    owns: [{ resource: repository(`${ID}/*`), actions: ECR_PULL }],
    shared: [share('ecr:GetAuthorizationToken', '*')],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'base images for all',
    source: 'Amazon ECR User Guide, declared shared',
    session: [allow(ECR_PULL, [repository(`${ID}/*`), repository('_base/*')])],
    owns: [named(repository(`${ID}/*`))],
    shared: [share(ECR_PULL, repository('_base/*'))],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'base images for all, under a word that a tenant can be called',
    source: 'trap: what is declared shared must be nobody’s',
    session: [allow(ECR_PULL, [repository(`${ID}/*`), repository('base/*')])],
    owns: [named(repository(`${ID}/*`))],
    shared: [share(ECR_PULL, repository('base/*'))],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a workgroup per tenant',
    source: 'Amazon Athena User Guide, example-policies-workgroup',
    session: [allow(QUERY, arn('athena', `workgroup/${ID}`))],
    owns: [named(arn('athena', `workgroup/${ID}`))],
    verdict: 'isolated',
  },
  {
    name: 'databases that begin with the tenant and an underscore',
    source: 'Amazon Athena User Guide, fine-grained-access-to-glue-resources',
    session: [
      allow(['glue:GetDatabase', 'glue:GetTable'], [glue(`database/${ID}_*`), glue(`table/${ID}_*/*`)]),
    ],
    owns: [named(glue(`database/${ID}_*`)), named(glue(`table/${ID}_*/*`))],
    verdict: 'isolated',
  },
  {
    name: 'the catalog that every database hangs on',
    source: 'Amazon Athena User Guide, fine-grained-access-to-glue-resources: each ancestor must be allowed',
    session: [allow('glue:GetTable', [glue('catalog'), glue(`database/${ID}`), glue(`table/${ID}/*`)])],
    owns: [named(glue(`database/${ID}`)), named(glue(`table/${ID}/*`))],
    shared: [share('glue:Get*', glue('catalog'))],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'functions of the tenant',
    source: 'AWS Lambda Developer Guide, permissions-user-function (functions by prefix)',
    session: [allow('lambda:InvokeFunction', arn('lambda', `function:${ID}_*`))],
    owns: [named(arn('lambda', `function:${ID}_*`))],
    verdict: 'isolated',
  },
  {
    name: 'functions that begin with the tenant, and a role that does it right',
    source: 'trap: function:acme* has those of acme-prod; the role saves it',
    session: [allow('lambda:InvokeFunction', arn('lambda', `function:${ID}*`))],
    role: [allow('lambda:InvokeFunction', arn('lambda', `function:${TAG}_*`))],
    owns: [named(arn('lambda', `function:${ID}_*`))],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'a log group per tenant',
    source: 'Amazon CloudWatch Logs User Guide, iam-identity-based-access-control-cwl',
    session: [
      allow('logs:GetLogEvents', arn('logs', `log-group:/tenants/${ID}:log-stream:*`)),
      allow('logs:FilterLogEvents', arn('logs', `log-group:/tenants/${ID}:*`)),
    ],
    owns: [named(arn('logs', `log-group:/tenants/${ID}:*`))],
    verdict: 'isolated',
  },
  {
    name: 'a path of an API per tenant',
    source: 'Amazon API Gateway Developer Guide, api-gateway-control-access-using-iam-policies-to-invoke-api',
    session: [allow('execute-api:Invoke', arn('execute-api', `abcdef1234/prod/GET/tenants/${ID}/*`))],
    owns: [named(arn('execute-api', `abcdef1234/prod/*/tenants/${ID}/*`))],
    verdict: 'crosses',
  },
  {
    name: 'a path of an API per tenant, its method without a slash',
    source: 'the cure of the one before: the methods are listed',
    session: [allow('execute-api:Invoke', arn('execute-api', `abcdef1234/prod/GET/tenants/${ID}/*`))],
    owns: ['GET', 'PUT'].map((method) =>
      named(arn('execute-api', `abcdef1234/prod/${method}/tenants/${ID}/*`)),
    ),
    verdict: 'isolated',
  },
  {
    name: 'whatever an IAM variable says',
    source: 'IAM User Guide, reference_policies_examples_s3_cognito-bucket (a folder per Cognito identity)',
    session: [allow('s3:GetObject', `arn:aws:s3:::data/\${cognito-identity.amazonaws.com:sub}/*`)],
    role: [allow('s3:GetObject', `arn:aws:s3:::data/${TAG}/*`)],
    owns: [named(`arn:aws:s3:::data/${ID}/*`)],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'an actor of an agent’s memory',
    source: 'Amazon Bedrock AgentCore samples, a multi-tenant agent (bedrock-agentcore:actorId)',
    session: [
      allow('bedrock-agentcore:ListEvents', arn('bedrock-agentcore', 'memory/m-1'), {
        StringLike: { 'bedrock-agentcore:actorId': `${ID}:*` },
      }),
    ],
    owns: [keyed(arn('bedrock-agentcore', 'memory/m-1'), 'bedrock-agentcore:actorId', `${ID}:*`)],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'sessions that were cut off',
    source: 'decisions/0012: a Deny by the time of the token takes away and adds nothing',
    session: [allow(ECR_PULL, repository(`${ID}/*`))],
    role: [
      allow('ecr:*', '*'),
      deny('*', '*', {
        DateLessThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' },
        StringEquals: { 'aws:PrincipalTag/TenantId': 'globex' },
      }),
    ],
    owns: [named(repository(`${ID}/*`))],
    verdict: 'isolated',
  },
];
