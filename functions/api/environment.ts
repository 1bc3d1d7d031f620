import * as z from 'zod/mini';
import {
  jsonVariable,
  type LambdaEnvironment,
  lambdaEnvironment,
  lambdaVariables,
  loopbackIssuersVariable,
  resourcesVariable,
  variable,
  wholeVariable,
} from '../core/lambda-environment.ts';
import type { Resources } from '../core/profile/resources.ts';

/** The variables that the stack sets on every function of the tenants' API. */
export interface ApiVariables {
  /** Name of the DynamoDB table that holds issuers and tenants. */
  readonly LATCHKEY_REGISTRY_TABLE: string;
  /** Name of the DynamoDB table of what has been used: tokens, proofs, shares of the limits. */
  readonly LATCHKEY_USAGE_TABLE: string;
  /** A JSON list of Regions whose STS is asked when that of this Region cannot be reached or throttles, in this order. */
  readonly LATCHKEY_STS_FALLBACK_REGIONS?: string;
  /** How long a request may take in all, in milliseconds; 1900 if left out: botocore gives a credential source two seconds. */
  readonly LATCHKEY_DEADLINE_MILLISECONDS?: string;
  /** A JSON list of web origins whose pages may call the API. */
  readonly LATCHKEY_ALLOWED_ORIGINS?: string;
}

/** Those of the functions that vend. */
export interface VendingVariables extends ApiVariables {
  /** A JSON object: what profiles may name as `{{resources.x}}`. */
  readonly LATCHKEY_RESOURCES: string;
  /** How many vends a second all instances together may ask of STS; 480, four fifths of an account's quota, if left out. */
  readonly LATCHKEY_VENDS_PER_SECOND?: string;
}

/** What every function of the tenants' API knows of where it runs. */
export interface ApiEnvironment extends LambdaEnvironment {
  readonly registryTable: string;
  readonly usageTable: string;
  /** Undefined: the Region's own endpoint. */
  readonly stsEndpoint: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  readonly stsFallbacks: readonly StsEndpoint[];
  readonly deadlineMilliseconds: number;
  readonly allowedOrigins: readonly string[];
  /** Whether an issuer's keys may come over http from this very machine: for development alone. */
  readonly allowLoopbackIssuers: boolean;
}

/** What the functions that vend know besides. */
export interface VendingEnvironment extends ApiEnvironment {
  readonly resources: Resources;
  readonly vendsPerSecond: number;
}

/** A Region, or on a developer's machine a Region and where it is. */
const stsFallback = z.union([variable, z.strictObject({ region: variable, endpoint: z.url() })]);

/** An STS beside that of the function's own Region. */
export interface StsEndpoint {
  readonly region: string;
  /** Undefined: the Region's own endpoint. */
  readonly endpoint: string | undefined;
}

/** What all instances together may ask of STS where a deployment says nothing: four fifths of an account's quota. */
export const VENDS_PER_SECOND = 480;
const DEADLINE_MILLISECONDS = 1900;

/** What is read of the process's variables for an `ApiEnvironment`. */
export const apiVariables = {
  LATCHKEY_REGISTRY_TABLE: variable,
  LATCHKEY_USAGE_TABLE: variable,
  LATCHKEY_LOOPBACK_ISSUERS: loopbackIssuersVariable,
  LATCHKEY_STS_FALLBACK_REGIONS: z.optional(jsonVariable(z.array(stsFallback).check(z.maxLength(5)))),
  LATCHKEY_DEADLINE_MILLISECONDS: wholeVariable(200, 10_000),
  LATCHKEY_ALLOWED_ORIGINS: z.optional(jsonVariable(z.array(z.url({ protocol: /^https?$/ })))),
  ...lambdaVariables,
  AWS_ENDPOINT_URL_STS: z.optional(z.url()),
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(z.url()),
};

/** The same for a `VendingEnvironment`. */
export const vendingVariables = {
  ...apiVariables,
  LATCHKEY_RESOURCES: resourcesVariable,
  LATCHKEY_VENDS_PER_SECOND: wholeVariable(1, 100_000),
};

const api = z.object(apiVariables);
const vending = z.object(vendingVariables);

/** What the variables say, once they are read. */
export function apiEnvironment(read: z.output<typeof api>): ApiEnvironment {
  return {
    ...lambdaEnvironment(read),
    registryTable: read.LATCHKEY_REGISTRY_TABLE,
    usageTable: read.LATCHKEY_USAGE_TABLE,
    stsFallbacks: (read.LATCHKEY_STS_FALLBACK_REGIONS ?? []).map((each) =>
      typeof each === 'string' ? { region: each, endpoint: undefined } : each,
    ),
    deadlineMilliseconds: Number(read.LATCHKEY_DEADLINE_MILLISECONDS ?? DEADLINE_MILLISECONDS),
    allowedOrigins: read.LATCHKEY_ALLOWED_ORIGINS ?? [],
    stsEndpoint: read.AWS_ENDPOINT_URL_STS,
    dynamodbEndpoint: read.AWS_ENDPOINT_URL_DYNAMODB,
    allowLoopbackIssuers: read.LATCHKEY_LOOPBACK_ISSUERS === 'allow',
  };
}

/** The same with what the functions that vend know besides. */
export function vendingEnvironment(read: z.output<typeof vending>): VendingEnvironment {
  return {
    ...apiEnvironment(read),
    resources: read.LATCHKEY_RESOURCES,
    vendsPerSecond: Number(read.LATCHKEY_VENDS_PER_SECOND ?? VENDS_PER_SECOND),
  };
}
