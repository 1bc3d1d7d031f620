/** The Region that is played on this machine. */
export const REGION = 'us-east-1';
/** The account that is played on this machine: one of those in AWS's own documentation. */
export const ACCOUNT = '111122223333';
/** The table of issuers and tenants. */
export const REGISTRY_TABLE = 'latchkey-registry';
/** The table of what has been used: tokens, proofs, shares of the limits. */
export const USAGE_TABLE = 'latchkey-usage';
/** The table of tenants' items. */
export const DATA_TABLE = 'latchkey-data';
/** The bucket of tenants' objects. */
export const DATA_BUCKET = 'latchkey-data';
/** Where role templates lie for CloudFormation to fetch. */
export const TEMPLATE_BUCKET = 'latchkey-templates';
/** What is said of tenants, by the control plane and by Latchkey. */
export const BUS = 'latchkey';
/** What the control plane said, on its way to the onboarding function. */
export const EVENT_QUEUE = 'latchkey-events';
/** What the onboarding function failed with five times. */
export const DEAD_LETTER_QUEUE = 'latchkey-dead-letters';
/** The functions that others invoke. */
export const VERIFY_FUNCTION = 'latchkey-verify';
export const REVOKE_FUNCTION = 'latchkey-revoke';
/** What Latchkey signs tokens for STS with. */
export const SIGNING_KEY_ID = '5f1e8b0a-4c3d-4a6e-9b21-0d7c6e5a4f32';
/** What the names of the secrets with the IAM users' long-term keys begin with; a user's name follows. */
export const USER_SECRETS_PREFIX = 'latchkey-local/users/';

/** ARNs of this account, as AWS writes them. */
export const arn = {
  api: `arn:aws:execute-api:${REGION}:${ACCOUNT}:local`,
  bucket: (name: string) => `arn:aws:s3:::${name}`,
  bus: (name: string) => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`,
  function: (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
  key: (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`,
  mfaDevice: (name: string) => `arn:aws:iam::${ACCOUNT}:mfa/${name}`,
  openIdProvider: (place: string) => `arn:aws:iam::${ACCOUNT}:oidc-provider/${place}`,
  queue: (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
  role: (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  samlProvider: (name: string) => `arn:aws:iam::${ACCOUNT}:saml-provider/${name}`,
  table: (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
  user: (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`,
};

/** Of the vend function, and of the one that verifies. */
export const VEND_ROLE_ARN = arn.role('latchkey-vend');
/** What tenants' sessions are made from by AssumeRole. */
export const TENANT_ROLE_ARN = arn.role('latchkey-tenant');
/** The same for a token or an assertion. */
export const FEDERATED_ROLE_ARN = arn.role('latchkey-federated');
/** The same for an MFA code of the tenant's IAM user. */
export const MFA_ROLE_ARN = arn.role('latchkey-mfa');
/** Of the function that takes assertions. */
export const SAML_ROLE_ARN = arn.role('latchkey-saml');
/** Of the function that reads the IAM users' long-term keys. */
export const IAM_USER_ROLE_ARN = arn.role('latchkey-iam-user');
/** Of the function that decodes AWS's messages. */
export const DECODE_ROLE_ARN = arn.role('latchkey-decode');
/** Of the operators' API. */
export const TENANTS_ROLE_ARN = arn.role('latchkey-tenants');
/** Of the function that takes events. */
export const ONBOARDING_ROLE_ARN = arn.role('latchkey-onboarding');
/** Of the function that cuts off sessions. */
export const REVOKE_ROLE_ARN = arn.role('latchkey-revoke');
/** Of whoever works here: administers tenants, sends events, fills tables and bucket. */
export const OPERATOR_ROLE_ARN = arn.role('latchkey-operator');

/** The IAM user that makes federated users. No tenant's: no id holds a dot. */
export const FEDERATION_USER_ARN = arn.user('latchkey/local/latchkey-local.federation');
/** What the ARNs of the tenants' IAM users begin with; a tenant's id follows. */
export const TENANT_USER_ARN_PREFIX = arn.user('latchkey/local/');

/** What the profiles may name as `{{resources.x}}`. */
export const RESOURCES = {
  tenantRoleArn: TENANT_ROLE_ARN,
  federatedRoleArn: FEDERATED_ROLE_ARN,
  mfaRoleArn: MFA_ROLE_ARN,
  federationUserArn: FEDERATION_USER_ARN,
  tenantUserArnPrefix: TENANT_USER_ARN_PREFIX,
  tenantBucketArn: arn.bucket(DATA_BUCKET),
  tenantTableArn: arn.table(DATA_TABLE),
};

/** Managed policies of the account by ARN, for profiles with `policyArns`; the shipped profiles have none. */
export const MANAGED_POLICIES: Readonly<Record<string, unknown>> = {};
