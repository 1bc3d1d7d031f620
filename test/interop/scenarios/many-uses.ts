import { writeFile } from 'node:fs/promises';
import type { Scenario } from '../scenario.ts';
import { checkSteps, type Step } from '../step.ts';
import { countVends } from '../vends.ts';

const KEYS = Array.from({ length: 99 }, (_, index) => `acme/many/${String(index).padStart(2, '0')}`);

const STEPS: readonly Step[] = [
  {
    shows: 'used',
    title: 'list 99 objects and get each',
    operation: { operation: 'getEach', prefix: 'acme/many/' },
    expected: { value: KEYS.length },
  },
];

/** A hundred uses of credentials in one process, with a token from a file: one fetch must do. */
export const manyUses: Scenario = {
  async prepare({ issuer, putObjects }, tokenFile) {
    await putObjects(KEYS);
    await writeFile(tokenFile, `Bearer ${await issuer.sign()}`);
    return { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile };
  },
  operations: STEPS.map(({ operation }) => operation),
  judge: ({ outcomes }, vends) => [
    ...checkSteps(STEPS, outcomes),
    { ...countVends('fetches per 100 uses', vends, 1), found: String(vends.length) },
  ],
};
