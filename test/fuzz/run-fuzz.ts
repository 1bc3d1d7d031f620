import type { Surroundings } from './ask.ts';
import { bodies } from './families/bodies.ts';
import { growth } from './families/growth.ts';
import { policyValues } from './families/policy-values.ts';
import { profiles } from './families/profiles.ts';
import { proofs } from './families/proofs.ts';
import { records } from './families/records.ts';
import { requests } from './families/requests.ts';
import { tokens } from './families/tokens.ts';
import type { Family, FamilyReport } from './family.ts';
import { createWatch } from './watch.ts';
import { startWorld } from './world.ts';

const FAMILIES: readonly ((around: Surroundings) => Family)[] = [
  tokens,
  proofs,
  bodies,
  requests,
  records,
  profiles,
  policyValues,
  growth,
];

/** What is run. */
export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** A part of a family's name; left out: all. */
  readonly only?: string | undefined;
  /** Told of each family when it is done. */
  readonly onReport?: (report: FamilyReport) => void;
}

/** Runs the families one after another, each with its share of the inputs. */
export async function runFuzz({ inputs, seed, only = '', onReport }: FuzzOptions): Promise<FamilyReport[]> {
  const world = await startWorld(seed);
  const watch = createWatch();
  try {
    const chosen = FAMILIES.map((create) => create({ world, watch })).filter(({ name }) =>
      name.includes(only),
    );
    const shares = chosen.reduce((sum, { share }) => sum + share, 0);
    const reports: FamilyReport[] = [];
    for (const [index, family] of chosen.entries()) {
      const report = await family.run(Math.ceil((inputs * family.share) / shares), seed + index);
      onReport?.(report);
      reports.push(report);
    }
    return reports;
  } finally {
    watch.close();
    await world.close();
  }
}
