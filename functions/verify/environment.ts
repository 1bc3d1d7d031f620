import * as z from 'zod/mini';
import { parse } from '../core/parse.ts';
import { readVendEnvironment, type VendEnvironment } from '../vend/environment.ts';

/** What the verify function knows of where it runs: all that the vend function does, whose role it runs under. */
export interface VerifyEnvironment extends VendEnvironment {
  /** Undefined: the Region's own endpoint. */
  readonly s3Endpoint: string | undefined;
}

const variables = z.object({ AWS_ENDPOINT_URL_S3: z.optional(z.url()) });

/** The environment in a process's variables; throws `ConfigurationError` as `readVendEnvironment` does. */
export function readVerifyEnvironment(env: Readonly<Record<string, string | undefined>>): VerifyEnvironment {
  const { AWS_ENDPOINT_URL_S3: s3Endpoint } = parse(variables, env, 'environment');
  return Object.freeze({ ...readVendEnvironment(env), s3Endpoint });
}
