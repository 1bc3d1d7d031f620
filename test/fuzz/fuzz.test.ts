import { expect, it } from 'vitest';
import { renderFinding, renderReports } from './report.ts';
import { runFuzz } from './run-fuzz.ts';
import { readSeed } from './seed.ts';

/** `npm run fuzz` takes as many as it is told. */
const INPUTS = 1000;
const MINUTES = 60_000;

it(
  'finds no input that breaks a promise',
  async () => {
    const seed = readSeed(process.env['LATCHKEY_FUZZ_SEED']);
    console.log(`LATCHKEY_FUZZ_SEED=${seed}`);
    const reports = await runFuzz({ inputs: INPUTS, seed });
    expect(
      reports.flatMap((report) => renderFinding(report) ?? []),
      renderReports(reports),
    ).toEqual([]);
    // A run in which nothing is ever granted would find nothing.
    const granted = reports.filter(({ outcomes }) => outcomes.has('granted')).map(({ family }) => family);
    expect(granted).toEqual([
      'tokens',
      'proofs, certificates',
      'bodies',
      'headers, paths, queries',
      'registry records',
    ]);
  },
  5 * MINUTES,
);
