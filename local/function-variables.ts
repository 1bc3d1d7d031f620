import {
  BUS,
  DECODE_ROLE_ARN,
  FEDERATED_ROLE_ARN,
  FEDERATION_USER_ARN,
  IAM_USER_ROLE_ARN,
  MFA_ROLE_ARN,
  ONBOARDING_ROLE_ARN,
  REGION,
  REGISTRY_TABLE,
  RESOURCES,
  REVOKE_FUNCTION,
  REVOKE_ROLE_ARN,
  SAML_ROLE_ARN,
  SIGNING_KEY_ID,
  TENANT_ROLE_ARN,
  TENANT_USER_ARN_PREFIX,
  TENANTS_ROLE_ARN,
  USAGE_TABLE,
  USER_SECRETS_PREFIX,
  VEND_ROLE_ARN,
  VERIFY_FUNCTION,
} from './account.ts';
import { ROLES } from './roles.ts';
import type { LocalAws } from './start-aws.ts';

const TENANT_ROLE_POLICY = ROLES.find((role) => role.arn === TENANT_ROLE_ARN)?.policies['tenantData'];

type Variables = Readonly<Record<string, string>>;

/** The vend function's variables, as Lambda and the stack would set them; the verify function's as well. */
export function vendVariables(aws: LocalAws): Variables {
  const { issuerUrl } = aws;
  return {
    ...vendingVariables(aws, VEND_ROLE_ARN),
    ...(issuerUrl !== undefined && {
      LATCHKEY_ISSUER_URL: issuerUrl,
      LATCHKEY_SIGNING_KEYS: JSON.stringify([SIGNING_KEY_ID]),
    }),
  };
}

/** Those of the function that takes SAML assertions. */
export function samlVariables(aws: LocalAws): Variables {
  return vendingVariables(aws, SAML_ROLE_ARN);
}

/** Those of the function that asks as IAM users. */
export function iamUserVariables(aws: LocalAws): Variables {
  return {
    ...vendingVariables(aws, IAM_USER_ROLE_ARN),
    LATCHKEY_USER_SECRETS_PREFIX: USER_SECRETS_PREFIX,
  };
}

/** Those of the function that decodes AWS's messages; of sessions of the federated role, others can choose the names. */
export function decodeVariables(aws: LocalAws): Variables {
  return {
    ...apiVariables(aws, DECODE_ROLE_ARN),
    LATCHKEY_SESSION_ROLE_ARNS: JSON.stringify([TENANT_ROLE_ARN, MFA_ROLE_ARN]),
    LATCHKEY_TENANT_USER_ARN_PREFIX: TENANT_USER_ARN_PREFIX,
    LATCHKEY_FEDERATION_USER_ARN: FEDERATION_USER_ARN,
  };
}

/** Those of the operators' API; without a bucket for templates, since CloudFormation cannot fetch from this machine. */
export function tenantsVariables(aws: LocalAws): Variables {
  return administrationVariables(aws, TENANTS_ROLE_ARN);
}

/** Those of the function that takes events. */
export function onboardingVariables(aws: LocalAws): Variables {
  return administrationVariables(aws, ONBOARDING_ROLE_ARN);
}

/** Those of the function that cuts off sessions. */
export function revokeVariables(aws: LocalAws): Variables {
  return {
    ...lambdaVariables(aws, REVOKE_ROLE_ARN),
    LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
    LATCHKEY_TENANT_ROLE_ARNS: JSON.stringify([TENANT_ROLE_ARN]),
    LATCHKEY_LONG_SESSION_ROLE_ARNS: JSON.stringify([FEDERATED_ROLE_ARN, MFA_ROLE_ARN]),
    LATCHKEY_FEDERATION_USER_ARN: FEDERATION_USER_ARN,
    LATCHKEY_TENANT_USER_ARN_PREFIX: TENANT_USER_ARN_PREFIX,
  };
}

function vendingVariables(aws: LocalAws, roleArn: string): Variables {
  return { ...apiVariables(aws, roleArn), LATCHKEY_RESOURCES: JSON.stringify(RESOURCES) };
}

function apiVariables(aws: LocalAws, roleArn: string): Variables {
  return {
    ...lambdaVariables(aws, roleArn),
    LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
    LATCHKEY_USAGE_TABLE: USAGE_TABLE,
    LATCHKEY_LOOPBACK_ISSUERS: 'allow',
  };
}

function administrationVariables(aws: LocalAws, roleArn: string): Variables {
  return {
    ...lambdaVariables(aws, roleArn),
    LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
    LATCHKEY_RESOURCES: JSON.stringify(RESOURCES),
    LATCHKEY_LOOPBACK_ISSUERS: 'allow',
    LATCHKEY_VEND_ROLE_ARN: VEND_ROLE_ARN,
    LATCHKEY_VERIFY_FUNCTION: VERIFY_FUNCTION,
    LATCHKEY_REVOKE_FUNCTION: REVOKE_FUNCTION,
    LATCHKEY_EVENT_BUS: BUS,
    LATCHKEY_TENANT_ROLE_POLICY: JSON.stringify(TENANT_ROLE_POLICY),
  };
}

/** What Lambda sets by itself, and where AWS is. */
function lambdaVariables({ urls, executionCredentials }: LocalAws, roleArn: string): Variables {
  const { accessKeyId, secretAccessKey, sessionToken } = executionCredentials(roleArn);
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL_STS: urls.sts,
    AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
    AWS_ENDPOINT_URL_S3: urls.s3,
    AWS_ENDPOINT_URL_IAM: urls.iam,
    AWS_ENDPOINT_URL_LAMBDA: urls.lambda,
    AWS_ENDPOINT_URL_EVENTBRIDGE: urls.events,
    AWS_ENDPOINT_URL_SIGNIN: urls.signin,
    AWS_ENDPOINT_URL_KMS: urls.kms,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: urls.secretsmanager,
  };
}
