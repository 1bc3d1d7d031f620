import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Client } from '../client.ts';
import type { Operation } from '../errand.ts';
import type { Scenario } from '../scenario.ts';
import { checkSteps, type Step } from '../step.ts';
import { countVends } from '../vends.ts';

/**
 * The first credentials are near their end when the client gets them, and by then another token is in the file: with it, and once, new
 * credentials must be fetched.
 */
export function refresh({ nearEnd }: Client): Scenario {
  const wait: Operation = { operation: 'wait', seconds: nearEnd.waitSeconds };
  const steps = [
    refreshed('use credentials near their end'),
    ...(nearEnd.waitSeconds > 0
      ? [{ ...refreshed('wait'), operation: wait, expected: { value: null } }]
      : []),
    refreshed('use new ones'),
    refreshed('use the same again'),
  ];
  return {
    async prepare({ issuer, ageNextSession }, tokenFile) {
      const [first, second] = await Promise.all([
        issuer.sign({ claims: { sub: 'app-1' } }),
        issuer.sign({ claims: { sub: 'app-2' } }),
      ]);
      await writeFile(tokenFile, `Bearer ${first}`);
      ageNextSession(nearEnd.leftSeconds, () => writeFileSync(tokenFile, `Bearer ${second}`));
      return { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile };
    },
    operations: steps.map(({ operation }) => operation),
    judge({ outcomes, processes }, vends) {
      const callers = vends.map(({ subjectDigest }) => subjectDigest);
      const isRotated = callers.indexOf(callers[0], 1) < 0 && new Set(callers).size === 2;
      const fault = `got fetches by ${callers.join(', ')}, expected one by the first token and all others by the second`;
      return [
        ...checkSteps(steps, outcomes),
        // One for each process, as ever, and one more for the first of them.
        countVends('refreshed', vends, processes + 1),
        { shows: 'rotated', title: 'the new token from the file', ...(isRotated ? {} : { fault }) },
      ];
    },
  };
}

function refreshed(title: string): Step {
  return {
    shows: 'refreshed',
    title,
    operation: { operation: 'getObject', key: 'acme/welcome.txt' },
    expected: { value: 'Welcome, Acme Ltd.' },
  };
}
