import * as z from 'zod/mini';
import {
  type LambdaEnvironment,
  lambdaEnvironment,
  lambdaVariables,
  resourcesVariable,
  variable,
} from '../core/lambda-environment.ts';
import { parse } from '../core/parse.ts';
import type { Resources } from '../core/profile/resources.ts';

/** The variables that the stack sets on the verify function. */
export interface VerifyVariables {
  /** Name of the DynamoDB table that holds issuers and tenants. */
  readonly LATCHKEY_REGISTRY_TABLE: string;
  /** A JSON object: what profiles may name as `{{resources.x}}`. */
  readonly LATCHKEY_RESOURCES: string;
}

/** What the verify function knows of where it runs. */
export interface VerifyEnvironment extends LambdaEnvironment {
  readonly registryTable: string;
  readonly resources: Resources;
  /** Undefined: the Region's own endpoint. */
  readonly stsEndpoint: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  readonly s3Endpoint: string | undefined;
}

const variables = z.object({
  LATCHKEY_REGISTRY_TABLE: variable,
  LATCHKEY_RESOURCES: resourcesVariable,
  ...lambdaVariables,
  AWS_ENDPOINT_URL_STS: z.optional(z.url()),
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(z.url()),
  AWS_ENDPOINT_URL_S3: z.optional(z.url()),
});

/** The environment in a process's variables; throws one `ConfigurationError` that names every fault. */
export function readVerifyEnvironment(env: Readonly<Record<string, string | undefined>>): VerifyEnvironment {
  const read = parse(variables, env, 'environment');
  return Object.freeze({
    ...lambdaEnvironment(read),
    registryTable: read.LATCHKEY_REGISTRY_TABLE,
    resources: read.LATCHKEY_RESOURCES,
    stsEndpoint: read.AWS_ENDPOINT_URL_STS,
    dynamodbEndpoint: read.AWS_ENDPOINT_URL_DYNAMODB,
    s3Endpoint: read.AWS_ENDPOINT_URL_S3,
  });
}
