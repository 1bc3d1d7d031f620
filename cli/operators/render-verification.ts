import type { ProbeResult, VerificationReport } from '../../functions/core/verification/verification.ts';
import { printable } from '../terminal.ts';

const MARKS: Readonly<Record<ProbeResult['outcome'], string>> = {
  passed: 'ok       ',
  failed: 'FAILED   ',
  undecided: 'UNDECIDED',
  not_applicable: '-        ',
};

/** A line a probe; under those that did not pass, what was seen and what closes the hole. */
export function renderVerification({ tenantId, passed, verifiedAt, probes }: VerificationReport): string {
  const wrong = probes.filter(({ outcome }) => outcome === 'failed' || outcome === 'undecided').length;
  const verdict = passed ? 'verified' : `NOT verified: ${wrong} of ${probes.length} probes did not pass`;
  const lines = [...probes.flatMap(renderProbe), `tenant ${tenantId} is ${verdict} (${verifiedAt})`];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function renderProbe(result: ProbeResult): readonly string[] {
  const { profile, probe, outcome, detail, cure, roleArn, userArn } = result;
  const line = `${MARKS[outcome]}  ${profile}: ${probe.replaceAll('_', ' ')}`;
  if (outcome === 'passed') return [line];
  const seen = [line, `             ${detail}`];
  if (outcome === 'not_applicable') return seen;
  return [
    ...seen,
    ...(roleArn === undefined ? [] : [`             role: ${roleArn}`]),
    ...(userArn === undefined ? [] : [`             user: ${userArn}`]),
    ...(cure === undefined ? [] : [`             cure: ${cure}`]),
  ];
}
