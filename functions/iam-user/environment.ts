import * as z from 'zod/mini';
import {
  type VendingEnvironment,
  type VendingVariables,
  vendingEnvironment,
  vendingVariables,
} from '../api/environment.ts';
import { parse } from '../core/parse.ts';

/** The variables that the stack sets on the function that asks as IAM users; the type is what the stack and the function agree on. */
export interface IamUserVariables extends VendingVariables {
  /** Name of a secret with a user's long-term keys, up to the user's name: `latchkey-prod/users/`. */
  readonly LATCHKEY_USER_SECRETS_PREFIX: string;
}

/** What the function knows of where it runs. */
export interface IamUserEnvironment extends VendingEnvironment {
  readonly userSecretsPrefix: string;
  /** Undefined: the Region's own endpoint. */
  readonly secretsManagerEndpoint: string | undefined;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, with room for the longest user name. */
const SECRETS_PREFIX = /^[\w/+=.@-]{1,448}$/;

const variables = z.object({
  ...vendingVariables,
  LATCHKEY_USER_SECRETS_PREFIX: z
    .string()
    .check(z.regex(SECRETS_PREFIX, 'not the beginning of the name of a secret')),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z.optional(z.url()),
});

/**
 * The environment in a process's variables; throws one `ConfigurationError` that names every fault. The only reader of
 * variables in the function.
 */
export function readIamUserEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): IamUserEnvironment {
  const read = parse(variables, env, 'environment');
  return Object.freeze({
    ...vendingEnvironment(read),
    userSecretsPrefix: read.LATCHKEY_USER_SECRETS_PREFIX,
    secretsManagerEndpoint: read.AWS_ENDPOINT_URL_SECRETS_MANAGER,
  });
}
