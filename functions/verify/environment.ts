import * as z from 'zod/mini';
import {
  jsonVariable,
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
  /** As the vend function's: URL of Latchkey as an OpenID issuer, and the keys that sign its tokens; without them no session of such a profile is tried. */
  readonly LATCHKEY_ISSUER_URL?: string;
  readonly LATCHKEY_SIGNING_KEYS?: string;
}

/** What the verify function knows of where it runs. */
export interface VerifyEnvironment extends LambdaEnvironment {
  readonly registryTable: string;
  readonly resources: Resources;
  /** Latchkey as an OpenID issuer; undefined where it signs no tokens. */
  readonly issuer:
    | { readonly url: string; readonly signingKeys: readonly [signing: string, ...others: string[]] }
    | undefined;
  /** Undefined: the Region's own endpoint. */
  readonly stsEndpoint: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  readonly s3Endpoint: string | undefined;
  readonly kmsEndpoint: string | undefined;
}

const signingKey = z.string().check(z.minLength(1));

const variables = z
  .object({
    LATCHKEY_REGISTRY_TABLE: variable,
    LATCHKEY_RESOURCES: resourcesVariable,
    LATCHKEY_ISSUER_URL: z.optional(variable),
    LATCHKEY_SIGNING_KEYS: z.optional(jsonVariable(z.tuple([signingKey], signingKey))),
    ...lambdaVariables,
    AWS_ENDPOINT_URL_STS: z.optional(z.url()),
    AWS_ENDPOINT_URL_DYNAMODB: z.optional(z.url()),
    AWS_ENDPOINT_URL_S3: z.optional(z.url()),
    AWS_ENDPOINT_URL_KMS: z.optional(z.url()),
  })
  .check(
    z.refine(
      (read) => (read.LATCHKEY_ISSUER_URL === undefined) === (read.LATCHKEY_SIGNING_KEYS === undefined),
      'got one of LATCHKEY_ISSUER_URL and LATCHKEY_SIGNING_KEYS, expected both or neither',
    ),
  );

/** The environment in a process's variables; throws one `ConfigurationError` that names every fault. */
export function readVerifyEnvironment(env: Readonly<Record<string, string | undefined>>): VerifyEnvironment {
  const read = parse(variables, env, 'environment');
  const { LATCHKEY_ISSUER_URL: url, LATCHKEY_SIGNING_KEYS: signingKeys } = read;
  return Object.freeze({
    ...lambdaEnvironment(read),
    registryTable: read.LATCHKEY_REGISTRY_TABLE,
    resources: read.LATCHKEY_RESOURCES,
    issuer: url === undefined || signingKeys === undefined ? undefined : { url, signingKeys },
    stsEndpoint: read.AWS_ENDPOINT_URL_STS,
    dynamodbEndpoint: read.AWS_ENDPOINT_URL_DYNAMODB,
    s3Endpoint: read.AWS_ENDPOINT_URL_S3,
    kmsEndpoint: read.AWS_ENDPOINT_URL_KMS,
  });
}
