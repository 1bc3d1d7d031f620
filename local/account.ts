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

/** ARNs of this account, as AWS writes them. */
export const arn = {
  api: `arn:aws:execute-api:${REGION}:${ACCOUNT}:local`,
  bucket: (name: string) => `arn:aws:s3:::${name}`,
  bus: (name: string) => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`,
  function: (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
  queue: (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
  role: (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  table: (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
};

/** Of the vend function, and of the one that verifies. */
export const VEND_ROLE_ARN = arn.role('latchkey-vend');
/** What tenants' sessions are made from. */
export const TENANT_ROLE_ARN = arn.role('latchkey-tenant');
/** Of the operators' API. */
export const TENANTS_ROLE_ARN = arn.role('latchkey-tenants');
/** Of the function that takes events. */
export const ONBOARDING_ROLE_ARN = arn.role('latchkey-onboarding');
/** Of the function that cuts off sessions. */
export const REVOKE_ROLE_ARN = arn.role('latchkey-revoke');
/** Of whoever works here: administers tenants, sends events, fills tables and bucket. */
export const OPERATOR_ROLE_ARN = arn.role('latchkey-operator');

/** What the profiles may name as `{{resources.x}}`. */
export const RESOURCES = {
  tenantRoleArn: TENANT_ROLE_ARN,
  tenantBucketArn: arn.bucket(DATA_BUCKET),
  tenantTableArn: arn.table(DATA_TABLE),
};

/** Managed policies of the account by ARN, for profiles with `policyArns`; the shipped profiles have none. */
export const MANAGED_POLICIES: Readonly<Record<string, unknown>> = {};
