import * as z from 'zod/mini';
import {
  type ApiEnvironment,
  type ApiVariables,
  apiEnvironment,
  apiVariables,
  VENDS_PER_SECOND,
  vendingVariables,
} from '../api/environment.ts';
import { ROLE_ARN, USER_ARN } from '../core/arn.ts';
import { jsonVariable } from '../core/lambda-environment.ts';
import { parse } from '../core/parse.ts';
import type { SessionPrincipals } from '../core/session-owner.ts';

/** The variables that the stack sets on the decode function; the type is what the stack and the function agree on. */
export interface DecodeVariables extends ApiVariables {
  /** A JSON list: the roles that nobody but Latchkey can assume, and whose sessions it names. None that trusts a tenant's identity provider. */
  readonly LATCHKEY_SESSION_ROLE_ARNS: string;
  /** What the ARNs of the tenants' IAM users begin with, up to the tenant's id; left out, there are none. */
  readonly LATCHKEY_TENANT_USER_ARN_PREFIX?: string;
  /** The IAM user that makes federated users; left out, there is none. */
  readonly LATCHKEY_FEDERATION_USER_ARN?: string;
  /** As on the functions that vend, with whom it shares what the deployment may ask of STS. */
  readonly LATCHKEY_VENDS_PER_SECOND?: string;
}

/** What the decode function knows of where it runs. */
export interface DecodeEnvironment extends ApiEnvironment {
  readonly principals: SessionPrincipals;
  readonly vendsPerSecond: number;
}

const USER_ARN_PREFIX = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:user\/(?:[\w+=,.@-]+\/)*$/;

const variables = z.object({
  ...apiVariables,
  LATCHKEY_SESSION_ROLE_ARNS: jsonVariable(
    z
      .array(z.string().check(z.regex(ROLE_ARN, 'not the ARN of an IAM role')))
      .check(z.minLength(1), z.maxLength(50)),
  ),
  LATCHKEY_TENANT_USER_ARN_PREFIX: z.optional(
    z.string().check(z.regex(USER_ARN_PREFIX, 'not the ARN of IAM users up to their names')),
  ),
  LATCHKEY_FEDERATION_USER_ARN: z.optional(z.string().check(z.regex(USER_ARN, 'not the ARN of an IAM user'))),
  LATCHKEY_VENDS_PER_SECOND: vendingVariables.LATCHKEY_VENDS_PER_SECOND,
});

/**
 * The environment in a process's variables; throws one `ConfigurationError` that names every fault. The only reader of
 * variables in the function.
 */
export function readDecodeEnvironment(env: Readonly<Record<string, string | undefined>>): DecodeEnvironment {
  const read = parse(variables, env, 'environment');
  return Object.freeze({
    ...apiEnvironment(read),
    principals: {
      roleArns: read.LATCHKEY_SESSION_ROLE_ARNS,
      tenantUserArnPrefix: read.LATCHKEY_TENANT_USER_ARN_PREFIX,
      federationUserArn: read.LATCHKEY_FEDERATION_USER_ARN,
    },
    vendsPerSecond: Number(read.LATCHKEY_VENDS_PER_SECOND ?? VENDS_PER_SECOND),
  });
}
