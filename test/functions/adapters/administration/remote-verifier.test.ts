import { expect, test } from 'vitest';
import { createRemoteVerifier } from '../../../../functions/adapters/administration/remote-verifier.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import type { VerificationReport } from '../../../../functions/core/verification/verification.ts';

const REPORT: VerificationReport = {
  tenantId: 'acme',
  passed: false,
  verifiedAt: '2026-11-22T10:00:00.000Z',
  probes: [
    {
      profile: 'app',
      roleArn: 'arn:aws:iam::444455556666:role/acme',
      probe: 'canary_vend',
      outcome: 'passed',
      detail: 'AWS gave a session',
    },
    {
      profile: 'app',
      roleArn: 'arn:aws:iam::444455556666:role/acme',
      probe: 'without_tenant_tag',
      outcome: 'failed',
      detail: 'AWS let it through without any tag',
      cure: 'add a condition',
    },
  ],
};
const [canary, hole] = REPORT.probes;

function verify(answer: unknown) {
  const asked: unknown[] = [];
  const invoke = async (...call: unknown[]) => {
    asked.push(call);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const verifier = createRemoteVerifier({ invoke, functionName: 'latchkey-verify' });
  return { asked, report: verifier.verify(parseTenantId('acme')) };
}

test('gives the report, and asks for the tenant alone', async () => {
  const { asked, report } = verify({ value: REPORT });
  expect(await report).toEqual(REPORT);
  expect(asked).toEqual([['latchkey-verify', { tenantId: 'acme' }]]);
});

test('tells the same failure', async () => {
  const failure = { code: 'tenant_not_found', detail: 'there is no such tenant' };
  await expect(verify({ failure }).report).rejects.toMatchObject({
    code: 'tenant_not_found',
    message: 'there is no such tenant',
    retryAfterSeconds: undefined,
  });
});

test.each([
  ['that its probes do not bear out', [hole], false],
  ['of no probe', [], false],
  ['of an undecided one', [{ ...canary, outcome: 'undecided' }], false],
  ['of probes that passed or do not apply', [canary, { ...canary, outcome: 'not_applicable' }], true],
])('makes of a report %s that it passed: %#', async (_what, probes, passed) => {
  const report = await verify({ value: { ...REPORT, passed: true, probes } }).report;
  expect(report.passed).toBe(passed);
});

test.each<[string, unknown]>([
  ['nobody', new Error('not there')],
  ['no report', { value: null }],
  ['another tenant', { value: { ...REPORT, tenantId: 'globex' } }],
  ['an unknown probe', { value: { ...REPORT, probes: [{ ...canary, probe: 'odd' }] } }],
  ['an unknown outcome', { value: { ...REPORT, probes: [{ ...canary, outcome: 'fine' }] } }],
  ['nothing', undefined],
])('takes %s for no verification', async (_what, answer) => {
  await expect(verify(answer).report).rejects.toMatchObject({ code: 'verification_unavailable' });
});
