import * as z from 'zod/mini';
import {
  jsonVariable,
  type LambdaEnvironment,
  lambdaEnvironment,
  lambdaVariables,
  variable,
} from '../core/lambda-environment.ts';
import { parse } from '../core/parse.ts';
import { ROLE_ARN } from '../core/role-arn.ts';

/** The variables that the stack sets on the revoke function. */
export interface RevokeVariables {
  /** Name of the DynamoDB table that holds the revocations. */
  readonly LATCHKEY_REGISTRY_TABLE: string;
  /** A JSON list: ARNs of the roles whose revocations are kept here. */
  readonly LATCHKEY_TENANT_ROLE_ARNS: string;
}

/** What the revoke function knows of where it runs. */
export interface RevokeEnvironment extends LambdaEnvironment {
  readonly registryTable: string;
  readonly tenantRoleArns: readonly string[];
  /** Undefined: the Region's own endpoint; of IAM, the partition's. */
  readonly dynamodbEndpoint: string | undefined;
  readonly iamEndpoint: string | undefined;
}

const roleArn = z.string().check(z.regex(ROLE_ARN, 'not the ARN of an IAM role'));

const variables = z.object({
  LATCHKEY_REGISTRY_TABLE: variable,
  LATCHKEY_TENANT_ROLE_ARNS: jsonVariable(z.array(roleArn).check(z.minLength(1))),
  ...lambdaVariables,
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(z.url()),
  AWS_ENDPOINT_URL_IAM: z.optional(z.url()),
});

/** The environment in a process's variables; throws one `ConfigurationError` that names every fault. */
export function readRevokeEnvironment(env: Readonly<Record<string, string | undefined>>): RevokeEnvironment {
  const read = parse(variables, env, 'environment');
  return Object.freeze({
    ...lambdaEnvironment(read),
    registryTable: read.LATCHKEY_REGISTRY_TABLE,
    tenantRoleArns: read.LATCHKEY_TENANT_ROLE_ARNS,
    dynamodbEndpoint: read.AWS_ENDPOINT_URL_DYNAMODB,
    iamEndpoint: read.AWS_ENDPOINT_URL_IAM,
  });
}
