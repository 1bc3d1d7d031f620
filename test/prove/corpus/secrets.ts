import { allow, arn, type CorpusEntry, deny, ID, keyed, named, TAG } from './entry.ts';

const READ = 'secretsmanager:GetSecretValue';
const CRYPT = ['kms:Decrypt', 'kms:GenerateDataKey'];
const CONTEXT = 'kms:EncryptionContext:tenant';
const KMS_KEY = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
const secret = (name: string) => arn('secretsmanager', `secret:${name}`);
const parameter = (name: string) => arn('ssm', `parameter/${name}`);
const equal = (key: string, value: string) => ({ StringEquals: { [key]: value } });
const ENCRYPTED = [keyed(KMS_KEY, CONTEXT, ID)];

/** Secrets, parameters and keys. */
export const SECRETS: readonly CorpusEntry[] = [
  {
    name: 'secrets under the tenant’s name',
    source:
      'AWS Secrets Manager User Guide, auth-and-access_iam-policies (secrets by name and six characters)',
    session: [allow(READ, secret(`${ID}/*-??????`))],
    owns: [named(secret(`${ID}/*`))],
    verdict: 'isolated',
  },
  {
    name: 'a secret called as the tenant, with the six characters that AWS adds',
    source: 'trap for the check: acme-prod-?????? is longer than acme-?????? by a fixed length',
    session: [allow(READ, secret(`${ID}-??????`))],
    owns: [named(secret(`${ID}-??????`))],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'the same beside secrets with a path',
    source: 'trap: the six characters of acme-?????? may be prod/x, which is acme-prod’s',
    session: [allow(READ, secret(`${ID}-??????`))],
    owns: [named(secret(`${ID}-??????`)), named(secret(`${ID}/*`))],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'a secret with any number of characters behind a hyphen',
    source: 'trap: secret acme-* has that of acme-prod',
    session: [allow(READ, secret(`${ID}-*`))],
    owns: [named(secret(`${ID}-??????`))],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'secrets with the tenant’s tag',
    source: 'AWS Secrets Manager User Guide, auth-and-access-abac (matching principal and resource tag)',
    session: [allow(READ, secret('*'), equal('secretsmanager:ResourceTag/TenantId', ID))],
    owns: [keyed(secret('*'), 'secretsmanager:ResourceTag/TenantId', ID)],
    verdict: 'isolated',
  },
  {
    name: 'secrets with the tenant’s tag, if they have any',
    source: 'trap: …IfExists opens every secret without a tag, and whose those are nobody knows',
    session: [
      allow(READ, secret('*'), { StringEqualsIfExists: { 'secretsmanager:ResourceTag/TenantId': ID } }),
    ],
    owns: [keyed(secret('*'), 'secretsmanager:ResourceTag/TenantId', ID)],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'secrets without a foreign tag',
    source: 'trap: a negated operator is true of an absent key',
    session: [
      allow(READ, secret('*'), { StringNotEquals: { 'secretsmanager:ResourceTag/TenantId': 'globex' } }),
    ],
    owns: [keyed(secret('*'), 'secretsmanager:ResourceTag/TenantId', ID)],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'tagged secrets that are owned by name',
    source: 'trap: the condition is on something else than what tells tenants apart',
    session: [allow(READ, secret('*'), equal('aws:ResourceTag/access-project', ID))],
    owns: [named(secret(`${ID}/*`))],
    verdict: 'crosses',
  },
  {
    name: 'a hierarchy of parameters',
    source: 'AWS Systems Manager User Guide, sysman-paramstore-access (a path per team)',
    session: [allow(['ssm:GetParameter', 'ssm:GetParametersByPath'], parameter(`tenants/${ID}/*`))],
    owns: [named(parameter(`tenants/${ID}/*`))],
    verdict: 'isolated',
  },
  {
    name: 'a hierarchy of parameters with its root',
    source:
      'AWS Systems Manager User Guide, sysman-paramstore-access: access to a path is access to all under it',
    session: [allow('ssm:GetParametersByPath', [parameter('tenants'), parameter(`tenants/${ID}/*`)])],
    owns: [named(parameter(`tenants/${ID}/*`))],
    verdict: 'undeclared',
    refused: true,
  },
  {
    name: 'parameters of every tenant but for a Deny in the role',
    source: 'trap: the Deny names the parameters of one tenant alone',
    session: [allow('ssm:GetParameter', parameter('tenants/*'))],
    role: [allow('ssm:GetParameter', '*'), deny('ssm:GetParameter', parameter('tenants/globex/*'))],
    owns: [named(parameter(`tenants/${ID}/*`))],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'one key, the tenant in its encryption context',
    source: 'AWS KMS Developer Guide, conditions-kms (kms:EncryptionContext:context-key)',
    session: [allow(CRYPT, KMS_KEY, equal(CONTEXT, ID))],
    owns: ENCRYPTED,
    verdict: 'isolated',
  },
  {
    name: 'one key, the context’s case ignored',
    source:
      'trap for the prover: ids are lower case, so that no two are equal but for case; ACME is nobody’s',
    session: [allow(CRYPT, KMS_KEY, { StringEqualsIgnoreCase: { [CONTEXT]: ID } })],
    owns: ENCRYPTED,
    verdict: 'undeclared',
    refused: true,
  },
  {
    name: 'one key, its context if there is one',
    source: 'trap: …IfExists decrypts what was encrypted without a context',
    session: [allow(CRYPT, KMS_KEY, { StringEqualsIfExists: { [CONTEXT]: ID } })],
    owns: ENCRYPTED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'one key without a context',
    source: 'trap: whoever may decrypt decrypts for all',
    session: [allow(CRYPT, KMS_KEY)],
    owns: ENCRYPTED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'one key, the context begins with the tenant',
    source: 'trap: StringLike "acme*"',
    session: [allow(CRYPT, KMS_KEY, { StringLike: { [CONTEXT]: `${ID}*` } })],
    owns: ENCRYPTED,
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'one key, another context than the one that is declared',
    source: 'trap: data of globex encrypted with app=acme and tenant=globex',
    session: [allow(CRYPT, KMS_KEY, equal('kms:EncryptionContext:app', ID))],
    owns: ENCRYPTED,
    verdict: 'crosses',
  },
  {
    name: 'one key, its context names tenant and purpose, by way of S3',
    source: 'AWS KMS Developer Guide, conditions-kms (kms:ViaService)',
    session: [
      allow('kms:Decrypt', KMS_KEY, {
        StringEquals: {
          [CONTEXT]: ID,
          'kms:EncryptionContext:purpose': 'export',
          'kms:ViaService': 's3.eu-west-1.amazonaws.com',
        },
      }),
    ],
    role: [allow('kms:*', KMS_KEY, equal(CONTEXT, TAG))],
    owns: ENCRYPTED,
    verdict: 'isolated',
  },
  {
    name: 'a key per tenant, by its tag',
    source: 'AWS KMS Developer Guide, abac (aws:ResourceTag on customer managed keys)',
    session: [allow(CRYPT, arn('kms', 'key/*'), equal('aws:ResourceTag/TenantId', ID))],
    owns: [keyed(arn('kms', 'key/*'), 'aws:ResourceTag/TenantId', ID)],
    verdict: 'isolated',
  },
];
