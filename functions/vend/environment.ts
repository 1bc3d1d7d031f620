import * as z from 'zod/mini';
import {
  type VendingEnvironment,
  type VendingVariables,
  vendingEnvironment,
  vendingVariables,
} from '../api/environment.ts';
import { jsonVariable } from '../core/lambda-environment.ts';
import { parse } from '../core/parse.ts';

/** The variables that the stack sets on the vend function; the type is what the stack and the function agree on. */
export interface VendVariables extends VendingVariables {
  /** URL of Latchkey as an OpenID issuer, without a slash at its end; left out, it signs no tokens. */
  readonly LATCHKEY_ISSUER_URL?: string;
  /** A JSON list of KMS keys, by id or ARN: the first signs tokens for AWS, all are published. */
  readonly LATCHKEY_SIGNING_KEYS?: string;
}

/** Keys of KMS by id or ARN: the first signs, all are published. */
export type SigningKeys = readonly [signing: string, ...others: string[]];

/** What the vend function knows of where it runs. */
export interface VendEnvironment extends VendingEnvironment {
  /** Latchkey as an OpenID issuer; undefined where it signs no tokens. */
  readonly issuer: { readonly url: string; readonly signingKeys: SigningKeys } | undefined;
  /** Undefined: the Region's own endpoint. */
  readonly kmsEndpoint: string | undefined;
  /** AWS Sign-In played on a developer's machine; undefined: that of the partition. */
  readonly signInEndpoint: string | undefined;
}

const SIGNING_KEYS_MAX = 5;
/**
 * To the letter what tokens name as `iss` and IAM as the provider: https, but on this very machine, and nothing behind the path.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
const ISSUER_URL =
  /^(?:https:\/\/[a-z0-9.-]+|http:\/\/(?:localhost|127\.0\.0\.1))(?::\d{1,5})?(?:\/[\w.~-]+)*$/;
/** By id or ARN: behind an alias another key may come to stand. https://docs.aws.amazon.com/kms/latest/developerguide/find-cmk-id-arn.html */
const KMS_KEY = /^(?:arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/)?[\w-]+$/;
const signingKey = z.string().check(z.regex(KMS_KEY, 'expected the id or ARN of a KMS key, and no alias'));

const signingKeys = z.tuple([signingKey], signingKey).check(
  z.refine((keys) => keys.length <= SIGNING_KEYS_MAX, `expected at most ${SIGNING_KEYS_MAX} keys`),
  z.refine((keys) => new Set(keys).size === keys.length, 'got a key twice, expected each once'),
);

const variables = z
  .object({
    ...vendingVariables,
    LATCHKEY_ISSUER_URL: z.optional(
      z.string().check(z.regex(ISSUER_URL, 'expected an https URL without a slash at its end')),
    ),
    LATCHKEY_SIGNING_KEYS: z.optional(jsonVariable(signingKeys)),
    AWS_ENDPOINT_URL_KMS: z.optional(z.url()),
    // Credentials are sent there: to nobody but AWS, or to this very machine.
    AWS_ENDPOINT_URL_SIGNIN: z.optional(z.url({ hostname: /^(?:localhost|127\.0\.0\.1)$/ })),
  })
  .check(
    z.refine(
      (read) => (read.LATCHKEY_ISSUER_URL === undefined) === (read.LATCHKEY_SIGNING_KEYS === undefined),
      'got one of LATCHKEY_ISSUER_URL and LATCHKEY_SIGNING_KEYS, expected both or neither',
    ),
  );

/**
 * The environment in a process's variables; throws one `ConfigurationError` that names every fault. The only reader of
 * variables in the function.
 */
export function readVendEnvironment(env: Readonly<Record<string, string | undefined>>): VendEnvironment {
  const read = parse(variables, env, 'environment');
  const { LATCHKEY_ISSUER_URL: url, LATCHKEY_SIGNING_KEYS: signingKeys } = read;
  return Object.freeze({
    ...vendingEnvironment(read),
    issuer: url === undefined || signingKeys === undefined ? undefined : { url, signingKeys },
    kmsEndpoint: read.AWS_ENDPOINT_URL_KMS,
    signInEndpoint: read.AWS_ENDPOINT_URL_SIGNIN,
  });
}
