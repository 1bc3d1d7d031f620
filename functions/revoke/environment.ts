import * as z from 'zod/mini';
import { ROLE_ARN, USER_ARN } from '../core/arn.ts';
import {
  jsonVariable,
  type LambdaEnvironment,
  lambdaEnvironment,
  lambdaVariables,
  variable,
} from '../core/lambda-environment.ts';
import { parse } from '../core/parse.ts';
import type { RevocablePrincipals } from '../core/revocation/revocable.ts';

/** The variables that the stack sets on the revoke function. */
export interface RevokeVariables {
  /** Name of the DynamoDB table that holds the revocations. */
  readonly LATCHKEY_REGISTRY_TABLE: string;
  /** A JSON list: ARNs of the roles that tenants' sessions of an hour at most are made from, by AssumeRole from a function. */
  readonly LATCHKEY_TENANT_ROLE_ARNS: string;
  /** The same of roles whose sessions live up to 12 hours: for a token, an assertion or an MFA code. */
  readonly LATCHKEY_LONG_SESSION_ROLE_ARNS?: string;
  /** ARN of the IAM user of all federated users. */
  readonly LATCHKEY_FEDERATION_USER_ARN?: string;
  /** Of the tenants' own IAM users: `arn:aws:iam::111122223333:user/latchkey-`, with a tenant's id behind it. */
  readonly LATCHKEY_TENANT_USER_ARN_PREFIX?: string;
}

/** What the revoke function knows of where it runs. */
export interface RevokeEnvironment extends LambdaEnvironment {
  readonly registryTable: string;
  /** On which sessions are cut off, and on nothing else. */
  readonly principals: RevocablePrincipals;
  /** Undefined: the Region's own endpoint; of IAM, the partition's. */
  readonly dynamodbEndpoint: string | undefined;
  readonly iamEndpoint: string | undefined;
}

const roleArns = z.array(z.string().check(z.regex(ROLE_ARN, 'not the ARN of an IAM role')));
const USER_ARN_PREFIX = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:user\/[\w+=,.@/-]{0,464}$/;

const variables = z.object({
  LATCHKEY_REGISTRY_TABLE: variable,
  LATCHKEY_TENANT_ROLE_ARNS: jsonVariable(roleArns.check(z.minLength(1))),
  LATCHKEY_LONG_SESSION_ROLE_ARNS: z.optional(jsonVariable(roleArns)),
  LATCHKEY_FEDERATION_USER_ARN: z.optional(variable.check(z.regex(USER_ARN, 'not the ARN of an IAM user'))),
  LATCHKEY_TENANT_USER_ARN_PREFIX: z.optional(
    variable.check(z.regex(USER_ARN_PREFIX, 'not the ARN of IAM users up to their names')),
  ),
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
    principals: {
      chainedRoleArns: read.LATCHKEY_TENANT_ROLE_ARNS,
      longSessionRoleArns: read.LATCHKEY_LONG_SESSION_ROLE_ARNS ?? [],
      federationUserArn: read.LATCHKEY_FEDERATION_USER_ARN,
      tenantUserArnPrefix: read.LATCHKEY_TENANT_USER_ARN_PREFIX,
    },
    dynamodbEndpoint: read.AWS_ENDPOINT_URL_DYNAMODB,
    iamEndpoint: read.AWS_ENDPOINT_URL_IAM,
  });
}
