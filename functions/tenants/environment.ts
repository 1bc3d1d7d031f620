import * as z from 'zod/mini';
import { ROLE_ARN } from '../core/arn.ts';
import {
  jsonVariable,
  type LambdaEnvironment,
  lambdaEnvironment,
  lambdaVariables,
  loopbackIssuersVariable,
  resourcesVariable,
  variable,
} from '../core/lambda-environment.ts';
import { parse } from '../core/parse.ts';
import type { Resources } from '../core/profile/resources.ts';

/** The variables that the stack sets on every function that administers; the type is what the stack and they agree on. */
export interface AdministrationVariables {
  /** Name of the DynamoDB table that holds issuers and tenants. */
  readonly LATCHKEY_REGISTRY_TABLE: string;
  /** A JSON object: what profiles may name as `{{resources.x}}`. */
  readonly LATCHKEY_RESOURCES: string;
  /** ARN of the vend function's role: what roles in tenants' accounts trust. */
  readonly LATCHKEY_VEND_ROLE_ARN: string;
  /** Name or ARN of the function that runs verifications. */
  readonly LATCHKEY_VERIFY_FUNCTION: string;
  /** Name or ARN of the function that cuts off sessions. */
  readonly LATCHKEY_REVOKE_FUNCTION: string;
  /** Name of the EventBridge bus that announcements go to. */
  readonly LATCHKEY_EVENT_BUS: string;
  /** Name of the bucket that CloudFormation may fetch role templates from; without one there are no quick-create links. */
  readonly LATCHKEY_TEMPLATE_BUCKET?: string;
  /** The tenant role's own policy, as JSON; without it, previews evaluate session policies alone. */
  readonly LATCHKEY_TENANT_ROLE_POLICY?: string;
}

/** What a function that administers knows of where it runs. */
export interface AdministrationEnvironment extends LambdaEnvironment {
  readonly registryTable: string;
  readonly resources: Resources;
  readonly vendRoleArn: string;
  readonly verifyFunction: string;
  readonly revokeFunction: string;
  readonly eventBus: string;
  readonly templateBucket: string | undefined;
  readonly tenantRolePolicy: object | undefined;
  /** Undefined: the Region's own endpoint. */
  readonly dynamodbEndpoint: string | undefined;
  readonly lambdaEndpoint: string | undefined;
  readonly eventBridgeEndpoint: string | undefined;
  readonly s3Endpoint: string | undefined;
  /** Whether an issuer's keys may come over http from this very machine: for development alone. */
  readonly allowLoopbackIssuers: boolean;
}

const endpoint = z.optional(z.url());

const variables = z.object({
  LATCHKEY_REGISTRY_TABLE: variable,
  LATCHKEY_RESOURCES: resourcesVariable,
  LATCHKEY_VEND_ROLE_ARN: variable.check(z.regex(ROLE_ARN, 'not the ARN of an IAM role')),
  LATCHKEY_VERIFY_FUNCTION: variable,
  LATCHKEY_REVOKE_FUNCTION: variable,
  LATCHKEY_EVENT_BUS: variable,
  LATCHKEY_TEMPLATE_BUCKET: z.optional(variable),
  LATCHKEY_TENANT_ROLE_POLICY: z.optional(
    jsonVariable(z.looseObject({ Statement: z.array(z.looseObject({})) })),
  ),
  LATCHKEY_LOOPBACK_ISSUERS: loopbackIssuersVariable,
  ...lambdaVariables,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_ENDPOINT_URL_LAMBDA: endpoint,
  AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint,
});

/** The environment in a process's variables; throws one `ConfigurationError` that names every fault. */
export function readAdministrationEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): AdministrationEnvironment {
  const read = parse(variables, env, 'environment');
  return Object.freeze({
    ...lambdaEnvironment(read),
    registryTable: read.LATCHKEY_REGISTRY_TABLE,
    resources: read.LATCHKEY_RESOURCES,
    vendRoleArn: read.LATCHKEY_VEND_ROLE_ARN,
    verifyFunction: read.LATCHKEY_VERIFY_FUNCTION,
    revokeFunction: read.LATCHKEY_REVOKE_FUNCTION,
    eventBus: read.LATCHKEY_EVENT_BUS,
    templateBucket: read.LATCHKEY_TEMPLATE_BUCKET,
    tenantRolePolicy: read.LATCHKEY_TENANT_ROLE_POLICY,
    dynamodbEndpoint: read.AWS_ENDPOINT_URL_DYNAMODB,
    lambdaEndpoint: read.AWS_ENDPOINT_URL_LAMBDA,
    eventBridgeEndpoint: read.AWS_ENDPOINT_URL_EVENTBRIDGE,
    s3Endpoint: read.AWS_ENDPOINT_URL_S3,
    allowLoopbackIssuers: read.LATCHKEY_LOOPBACK_ISSUERS === 'allow',
  });
}
