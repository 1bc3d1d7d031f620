import * as z from 'zod/mini';
import {
  type LambdaEnvironment,
  lambdaEnvironment,
  lambdaVariables,
  loopbackIssuersVariable,
  resourcesVariable,
  variable,
} from '../core/lambda-environment.ts';
import { parse } from '../core/parse.ts';
import type { Resources } from '../core/resources.ts';

/** The variables that the stack sets on the vend function; the type is what the stack and the function agree on. */
export interface VendVariables {
  /** Name of the DynamoDB table that holds issuers and tenants. */
  readonly LATCHKEY_REGISTRY_TABLE: string;
  /** A JSON object: what profiles may name as `{{resources.x}}`. */
  readonly LATCHKEY_RESOURCES: string;
}

/** What the vend function knows of where it runs. */
export interface VendEnvironment extends LambdaEnvironment {
  readonly registryTable: string;
  readonly resources: Resources;
  /** Undefined: the Region's own endpoint. */
  readonly stsEndpoint: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  /** Whether an issuer's keys may come over http from this very machine: for development alone. */
  readonly allowLoopbackIssuers: boolean;
}

const variables = z.object({
  LATCHKEY_REGISTRY_TABLE: variable,
  LATCHKEY_RESOURCES: resourcesVariable,
  LATCHKEY_LOOPBACK_ISSUERS: loopbackIssuersVariable,
  ...lambdaVariables,
  AWS_ENDPOINT_URL_STS: z.optional(z.url()),
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(z.url()),
});

/**
 * The environment in a process's variables; throws one `ConfigurationError` that names every fault. The only reader of
 * variables in the function.
 */
export function readVendEnvironment(env: Readonly<Record<string, string | undefined>>): VendEnvironment {
  const read = parse(variables, env, 'environment');
  return Object.freeze({
    ...lambdaEnvironment(read),
    registryTable: read.LATCHKEY_REGISTRY_TABLE,
    resources: read.LATCHKEY_RESOURCES,
    stsEndpoint: read.AWS_ENDPOINT_URL_STS,
    dynamodbEndpoint: read.AWS_ENDPOINT_URL_DYNAMODB,
    allowLoopbackIssuers: read.LATCHKEY_LOOPBACK_ISSUERS === 'allow',
  });
}
