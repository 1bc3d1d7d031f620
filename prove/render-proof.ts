import type { Counterexample, Proof, ProofRow } from './proof.ts';

/** A proof as text for people: a line for each row, and below it what is wrong. Ends in a newline. */
export function renderProof({ profile, passed, rows, undecided, steps }: Proof): string {
  const head = `${profile}: ${passed ? 'proved' : 'NOT PROVED'} (${steps} steps)`;
  const cells = rows.map((row) => [row.verdict, row.statement, row.action, row.resource]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((each) => each[column]?.length ?? 0)));
  const lines = rows.flatMap((row, index) => [
    `  ${(cells[index] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    ...notes(row).map((note) => `      ${note}`),
  ]);
  const faults = undecided === undefined ? [] : [`  not decided: ${undecided}`];
  return `${[head, ...faults, ...lines].join('\n')}\n`;
}

function notes({ policy, shared, undecided, counterexample }: ProofRow): readonly string[] {
  return [
    ...(policy === 'session policy' ? [] : [`of ${policy}`]),
    ...shared.map((why) => `shared: ${why}`),
    ...(undecided === undefined ? [] : [`not decided: ${undecided}`]),
    ...(counterexample === undefined ? [] : story(counterexample)),
  ];
}

function story(example: Counterexample): readonly string[] {
  const { tenantId, otherTenantId, reaches, attributes, scope, action, resource, context } = example;
  const given = Object.entries({ ...attributes, ...scope }).map(([name, value]) => `${name} ${show(value)}`);
  const keys = Object.entries(context).map(
    ([key, value]) => `${key} ${value === null ? 'absent' : show(value)}`,
  );
  return [
    otherTenantId === undefined
      ? `${tenantId} may do this, and nobody declared whose it is:`
      : `${tenantId} reaches ${otherTenantId}'s ${reaches}:`,
    `  ${[action, resource, ...keys].join(', ')}`,
    ...(given.length === 0 ? [] : [`  with ${given.join(', ')}`]),
    `  allowed by ${example.allowedBy.map(({ statement, policy }) => `${statement} of ${policy}`).join(', ')}`,
    `  cure: ${example.cure}`,
  ];
}

function show(value: string | readonly string[]): string {
  return JSON.stringify(value);
}
