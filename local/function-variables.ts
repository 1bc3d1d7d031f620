import {
  BUS,
  ONBOARDING_ROLE_ARN,
  REGION,
  REGISTRY_TABLE,
  RESOURCES,
  REVOKE_FUNCTION,
  REVOKE_ROLE_ARN,
  TENANT_ROLE_ARN,
  TENANTS_ROLE_ARN,
  USAGE_TABLE,
  VEND_ROLE_ARN,
  VERIFY_FUNCTION,
} from './account.ts';
import { ROLES } from './roles.ts';
import type { LocalAws } from './start-aws.ts';

const TENANT_ROLE_POLICY = ROLES.find((role) => role.arn === TENANT_ROLE_ARN)?.policies['tenantData'];

type Variables = Readonly<Record<string, string>>;

/** The vend function's variables, as Lambda and the stack would set them; the verify function's as well. */
export function vendVariables(aws: LocalAws): Variables {
  return {
    ...lambdaVariables(aws, VEND_ROLE_ARN),
    LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
    LATCHKEY_USAGE_TABLE: USAGE_TABLE,
    LATCHKEY_RESOURCES: JSON.stringify(RESOURCES),
    LATCHKEY_LOOPBACK_ISSUERS: 'allow',
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
  };
}
