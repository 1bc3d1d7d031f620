import * as z from 'zod/mini';
import { ConfigurationError } from '../core/errors.ts';
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
export interface VendEnvironment {
  readonly registryTable: string;
  readonly resources: Resources;
  readonly region: string;
  /** The execution role's; Lambda sets them anew with every sandbox. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  /** Undefined: the Region's own endpoint. */
  readonly stsEndpoint: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  /** Whether an issuer's keys may come over http from this very machine: for development alone. */
  readonly allowLoopbackIssuers: boolean;
}

const text = z.string().check(z.minLength(1));

const variables = z.object({
  LATCHKEY_REGISTRY_TABLE: text,
  LATCHKEY_RESOURCES: text,
  LATCHKEY_LOOPBACK_ISSUERS: z.optional(z.enum(['allow'])),
  AWS_REGION: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_SESSION_TOKEN: text,
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
    registryTable: read.LATCHKEY_REGISTRY_TABLE,
    resources: parseResources(read.LATCHKEY_RESOURCES),
    region: read.AWS_REGION,
    credentials: {
      accessKeyId: read.AWS_ACCESS_KEY_ID,
      secretAccessKey: read.AWS_SECRET_ACCESS_KEY,
      sessionToken: read.AWS_SESSION_TOKEN,
    },
    stsEndpoint: read.AWS_ENDPOINT_URL_STS,
    dynamodbEndpoint: read.AWS_ENDPOINT_URL_DYNAMODB,
    allowLoopbackIssuers: read.LATCHKEY_LOOPBACK_ISSUERS === 'allow',
  });
}

function parseResources(json: string): Resources {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ConfigurationError(
      'environment: LATCHKEY_RESOURCES: got text that is not JSON, expected an object',
      { cause },
    );
  }
  return parse(z.record(z.string(), text), value, 'environment: LATCHKEY_RESOURCES');
}
