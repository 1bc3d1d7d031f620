import { renderPolicy } from '../functions/core/profile/policy-template.ts';
import { policyTemplate, policyValues } from './acme.ts';
import { type Row, toRow } from './row.ts';
import { cpuMicrosecondsPerCall, medians } from './sample.ts';

const ROUNDS = 11;
const CALLS = 10_000;

/** The session policy of the shipped profile `app` for one tenant, over writing the finished document as JSON. */
export async function measurePolicyRender(): Promise<Row[]> {
  const render = () => renderPolicy(policyTemplate, policyValues);
  const document: unknown = JSON.parse(render());
  const cpu = await medians(ROUNDS, {
    render: () => cpuMicrosecondsPerCall(CALLS, render),
    stringify: () => cpuMicrosecondsPerCall(CALLS, () => JSON.stringify(document)),
  });
  return [
    toRow({
      name: 'policy render',
      value: cpu.render,
      unit: 'µs CPU',
      runs: ROUNDS,
      baseline: { name: 'JSON.stringify', value: cpu.stringify },
    }),
  ];
}
