import { describe, expect, test } from 'vitest';
import { createContext } from '../../policy/context.ts';
import { evaluatePolicies, evaluateResourcePolicy } from '../../policy/evaluate.ts';
import { DANGEROUS_ACTIONS } from './dangerous-actions.ts';
import { ACCOUNT, deployedAccount } from './deployed-account.ts';
import { everyChoice, templateOf } from './synthesized.ts';

const template = templateOf({ ...everyChoice, tenantData: 'sample' });
const account = deployedAccount(template);
const { arn } = account;

const CUSTOMER_ROLE = 'arn:aws:iam::444455556666:role/latchkey';
const CUSTOMERS_ROLE = 'arn:aws:iam::999988887777:role/latchkey-acme';
const SIGNING_ALGORITHM = 'RSASSA_PKCS1_V1_5_SHA_256';

const FUNCTIONS = ['VendRole', 'SamlRole', 'IamUserRole', 'DecodeRole'] as const;
type FunctionRole = (typeof FUNCTIONS)[number];

const allow = (Action: string | readonly string[], Resource: unknown, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const logsTo = (...idPrefixes: readonly string[]) =>
  allow(
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    idPrefixes.length === 1 ? arn(idPrefixes[0] ?? '') : idPrefixes.map(arn),
  );
const MAKE_SESSIONS = ['sts:AssumeRole', 'sts:SetContext', 'sts:SetSourceIdentity', 'sts:TagSession'];
const READS_AND_USES = [
  allow('dynamodb:GetItem', arn('TenantRegistryTable')),
  allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], arn('UsageTable')),
];
const [SPRING, AUTUMN] = [arn('PrincipalsIssuerKeyspring'), arn('PrincipalsIssuerKeyautumn')];
const SECRETS = ['Federation', 'Tenantacme', 'Tenantglobex'].map((user) =>
  arn(`PrincipalsUsers${user}Secret`),
);

/** Every statement that there is. */
const STATEMENTS: Readonly<Record<FunctionRole, readonly unknown[]>> = {
  VendRole: [
    allow(MAKE_SESSIONS, arn('TenantRole')),
    allow(MAKE_SESSIONS, ['arn:aws:iam::*:role/latchkey-*', CUSTOMER_ROLE], {
      StringNotEquals: { 'aws:ResourceAccount': ACCOUNT },
    }),
    logsTo('AdministrationVerifyLog', 'VendLog'),
    ...READS_AND_USES,
    allow('kms:Sign', SPRING, { StringEquals: { 'kms:SigningAlgorithm': SIGNING_ALGORITHM } }),
    allow('kms:GetPublicKey', [AUTUMN, SPRING]),
  ],
  SamlRole: [logsTo('SamlLog'), ...READS_AND_USES],
  IamUserRole: [logsTo('IamUserLog'), ...READS_AND_USES, allow('secretsmanager:GetSecretValue', SECRETS)],
  DecodeRole: [logsTo('DecodeLog'), ...READS_AND_USES, allow('sts:DecodeAuthorizationMessage', '*')],
};

type Ask = readonly [action: string, resource: string];

const asks = (actions: readonly string[], resources: readonly string[]): readonly Ask[] =>
  actions.flatMap((action) => resources.map((resource): Ask => [action, resource]));
const shared = (log: string): readonly Ask[] => [
  ...asks(['logs:CreateLogStream', 'logs:PutLogEvents'], [arn(log)]),
  ['dynamodb:GetItem', arn('TenantRegistryTable')],
  ...asks(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [arn('UsageTable')]),
];

/** What each must be able to do. */
const NEEDED: Readonly<Record<FunctionRole, readonly Ask[]>> = {
  VendRole: [
    ...shared('VendLog'),
    // Verifications run under it, too: roles trust it alone.
    ...asks(['logs:CreateLogStream', 'logs:PutLogEvents'], [arn('AdministrationVerifyLog')]),
    ...asks(MAKE_SESSIONS, [arn('TenantRole'), CUSTOMER_ROLE, CUSTOMERS_ROLE]),
    ['kms:Sign', SPRING],
    ...asks(['kms:GetPublicKey'], [SPRING, AUTUMN]),
  ],
  SamlRole: shared('SamlLog'),
  IamUserRole: [...shared('IamUserLog'), ...asks(['secretsmanager:GetSecretValue'], SECRETS)],
  DecodeRole: shared('DecodeLog'),
};

/** As whoever has taken a function over would ask: with whatever a condition could want, but for what a resource is. */
function may(role: FunctionRole, action: string, resource: string, algorithm = SIGNING_ALGORITHM): boolean {
  const account = /^arn:aws:[\w-]+:[\w-]*:(\d{12}):/.exec(resource)?.[1];
  const context = createContext({
    values: {
      'aws:ResourceAccount': account ?? ACCOUNT,
      'aws:RequestTag/TenantId': 'acme',
      'aws:PrincipalTag/TenantId': 'acme',
      'kms:SigningAlgorithm': algorithm,
      'dynamodb:LeadingKeys': ['tenant#acme'],
      's3:prefix': 'acme/',
    },
  });
  return evaluatePolicies(policies[role], { action, resource, context }).effect === 'allowed';
}

const policies = Object.fromEntries(
  FUNCTIONS.map((role) => [role, account.identityPolicies(role)]),
) as Record<FunctionRole, ReturnType<typeof account.identityPolicies>>;

describe.each(FUNCTIONS)('%s', (role) => {
  test('has these statements, and no others', () => {
    expect(account.identityStatements(role)).toEqual(STATEMENTS[role]);
  });

  test.each(NEEDED[role])('may %s on %s', (action, resource) => {
    expect(may(role, action, resource)).toBe(true);
  });
});

test('the decode function may decode', () => {
  expect(may('DecodeRole', 'sts:DecodeAuthorizationMessage', '*')).toBe(true);
});

describe('everything else is denied', () => {
  /** Of this account and of others, made by the stack and not. */
  const RESOURCES = [
    '*',
    ...account.arns,
    `arn:aws:iam::${ACCOUNT}:root`,
    `arn:aws:iam::${ACCOUNT}:role/admin`,
    // In its own account, the pattern of the customers' roles opens nothing.
    `arn:aws:iam::${ACCOUNT}:role/latchkey-admin`,
    `arn:aws:iam::${ACCOUNT}:role/latchkey`,
    'arn:aws:iam::444455556666:role/OrganizationAccountAccessRole',
    'arn:aws:iam::444455556666:user/admin',
    `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    `arn:aws:sts::${ACCOUNT}:federated-user/somebody`,
    `arn:aws:kms:eu-central-1:${ACCOUNT}:key/another`,
    `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/another`,
    `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:database-AbCdEf`,
    `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:latchkey-test/users/initech-AbCdEf`,
    `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/another`,
    `${arn('TenantRegistryTable')}/index/list`,
    `${arn('UsageTable')}/index/any`,
    'arn:aws:s3:::another/acme/a',
    `${arn('SampleTenantDataBucket')}/acme/a`,
    `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:another:*`,
    `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:another`,
    `arn:aws:execute-api:eu-central-1:${ACCOUNT}:api/v1/GET/tenants`,
  ];

  /** All that any policy of the stack names, and what nobody would like to see in one. */
  const ACTIONS = [...new Set([...actionsOf(template.toJSON()), ...DANGEROUS_ACTIONS])];

  test('of enough actions and resources', () => {
    expect(ACTIONS.length).toBeGreaterThan(130);
    expect(RESOURCES.length).toBeGreaterThan(50);
  });

  test.each(FUNCTIONS)('%s', (role) => {
    const needed = new Set(NEEDED[role].map((ask) => ask.join(' on ')));
    const isNeeded = ([action, resource]: Ask) =>
      needed.has(`${action} on ${resource}`) ||
      // A message is no resource.
      (role === 'DecodeRole' && action === 'sts:DecodeAuthorizationMessage');
    const allowed = asks(ACTIONS, RESOURCES)
      .filter((ask) => !isNeeded(ask))
      .filter(([action, resource]) => may(role, action, resource));
    expect(allowed.map((ask) => ask.join(' on '))).toEqual([]);
  });

  test.each(['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_512'])(
    'the vend function signs by no %s',
    (algorithm) => {
      expect(may('VendRole', 'kms:Sign', SPRING, algorithm)).toBe(false);
    },
  );
});

describe('no resource lets them in by itself', () => {
  const roles = Object.keys(template.findResources('AWS::IAM::Role'));
  const ACTIONS = [
    'sts:AssumeRole',
    'sts:AssumeRoleWithWebIdentity',
    'sts:AssumeRoleWithSAML',
    'sts:TagSession',
    'sts:SetSourceIdentity',
    'sts:SetContext',
  ];
  const trusted = (role: string, id: string) => {
    const roleArn = arn(role);
    const context = createContext({
      values: {
        'aws:PrincipalArn': roleArn,
        'aws:RequestTag/TenantId': 'acme',
        'aws:MultiFactorAuthPresent': 'true',
        'sts:ExternalId': 'guessed',
      },
    });
    const principal = { type: 'roleSession', roleArn, sessionArn: `${roleArn}/session` } as const;
    return ACTIONS.filter(
      (action) =>
        evaluateResourcePolicy(account.trustPolicy(id), { action, resource: arn(id), context, principal })
          .effect === 'allowed',
    );
  };

  test.each(FUNCTIONS)('%s: the tenant role trusts the vend function, and no other role any', (role) => {
    const trusting = roles.map((id) => [id.slice(0, -8), trusted(role, id)] as const);
    expect(trusting.filter(([, actions]) => actions.length > 0)).toEqual(
      role === 'VendRole'
        ? [['TenantRole', ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext']]]
        : [],
    );
  });

  test('nor does anything else name one as a principal', () => {
    const named = valuesOf(template.toJSON(), 'Principal')
      .map((principal) => /"(VendRole|SamlRole|IamUserRole|DecodeRole)/.exec(JSON.stringify(principal))?.[1])
      .filter((role) => role !== undefined);
    // In the two statements of the tenant role's trust policy.
    expect(named).toEqual(['VendRole', 'VendRole']);
  });
});

/** What stands at a member of this name, wherever it is. */
function valuesOf(part: unknown, member: string): unknown[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name === member ? [value] : valuesOf(value, member),
  );
}

function actionsOf(part: unknown): readonly string[] {
  const named = valuesOf(part, 'Action').flat();
  return named.filter((action): action is string => /^[a-z\d-]+:\w+$/i.test(String(action)));
}
