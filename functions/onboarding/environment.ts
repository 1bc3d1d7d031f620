import { ConfigurationError } from '../core/errors.ts';
import { parseSbtTenant, type SbtTenant } from './sbt-tenant.ts';

/** The variables that the stack sets on the onboarding function beside those of every administering one. */
export interface OnboardingVariables {
  /**
   * A tenant definition in JSON with placeholders (sbt-tenant.ts): what a tenant of the SaaS Builder Toolkit becomes. Without it
   * the toolkit's events are not understood.
   */
  readonly LATCHKEY_SBT_TENANT?: string;
}

/** What the onboarding function knows beside what every administering one does. */
export interface OnboardingEnvironment {
  readonly sbtTenant: SbtTenant | undefined;
}

/** The environment in a process's variables; throws `ConfigurationError`. */
export function readOnboardingEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): OnboardingEnvironment {
  const written = env['LATCHKEY_SBT_TENANT'];
  return Object.freeze({ sbtTenant: written === undefined ? undefined : readSbtTenant(written) });
}

function readSbtTenant(json: string): SbtTenant {
  try {
    return parseSbtTenant(JSON.parse(json));
  } catch (cause) {
    const reason = cause instanceof ConfigurationError ? cause.message : 'got text that is not JSON';
    throw new ConfigurationError(`environment: LATCHKEY_SBT_TENANT: ${reason}`, { cause });
  }
}
