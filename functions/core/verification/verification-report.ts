import * as z from 'zod/mini';
import { parseRequested } from '../administration/request-invalid.ts';
import { readFunctionAnswer } from '../function-answer.ts';
import { parse } from '../parse.ts';
import { type TenantId, tenantId } from '../tenant-id.ts';
import { PROBE_NAMES, type ProbeResult, type VerificationReport } from './verification.ts';

const report = z.strictObject({
  tenantId: z.string(),
  passed: z.boolean(),
  verifiedAt: z.iso.datetime(),
  probes: z.array(
    z.strictObject({
      profile: z.string(),
      roleArn: z.optional(z.string()),
      userArn: z.optional(z.string()),
      probe: z.enum(PROBE_NAMES),
      outcome: z.enum(['passed', 'failed', 'undecided', 'not_applicable']),
      detail: z.string(),
      cure: z.optional(z.string()),
    }),
  ),
});

const request = z.strictObject({ tenantId });

/** Whom a function's payload asks to be verified; throws `request_invalid`. */
export function parseVerificationRequest(payload: unknown): TenantId {
  return parseRequested(() => parse(request, payload, 'verification').tenantId);
}

/** What came of the probes of a tenant, together. */
export function reportOf(
  tenantId: string,
  probes: readonly ProbeResult[],
  verifiedAt: Date,
): VerificationReport {
  return {
    tenantId,
    passed:
      probes.length > 0 &&
      probes.every(({ outcome }) => outcome === 'passed' || outcome === 'not_applicable'),
    verifiedAt: verifiedAt.toISOString(),
    probes,
  };
}

/** The report in a function's answer; throws the failure in it, and `ConfigurationError` for what is no answer. */
export function readVerificationAnswer(answer: unknown): VerificationReport {
  const { probes, ...rest } = readFunctionAnswer(report, answer);
  // A `passed` that its own probes do not bear out is no report.
  const read = reportOf(
    rest.tenantId,
    probes.map(({ cure, roleArn, userArn, ...probe }) => ({
      ...probe,
      ...(roleArn === undefined ? {} : { roleArn }),
      ...(userArn === undefined ? {} : { userArn }),
      ...(cure === undefined ? {} : { cure }),
    })),
    new Date(rest.verifiedAt),
  );
  return { ...read, passed: read.passed && rest.passed };
}
