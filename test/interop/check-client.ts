import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalFacts } from '../../local/local-facts.ts';
import type { Check } from './check.ts';
import type { Client, InstalledClient, Run, Surroundings } from './client.ts';
import type { Scenario } from './scenario.ts';
import { everyday } from './scenarios/everyday.ts';
import { failures } from './scenarios/failures.ts';
import { manyUses } from './scenarios/many-uses.ts';
import { refresh } from './scenarios/refresh.ts';
import { type InteropLatchkey, startInterop } from './start-interop.ts';

/** Brings a client into every situation, with a Latchkey of its own. */
export async function checkClient(client: Client, installed: InstalledClient): Promise<readonly Check[]> {
  await using latchkey = await startInterop();
  const checks: Check[] = [];
  for (const scenarios of [[everyday(client)], [manyUses], [refresh(client)], ...failures(client)]) {
    checks.push(...(await play(scenarios, installed, latchkey)));
  }
  return checks;
}

/** Plays scenarios at the same time. What was audited meanwhile is before all of them. */
async function play(
  scenarios: readonly Scenario[],
  installed: InstalledClient,
  latchkey: InteropLatchkey,
): Promise<readonly Check[]> {
  latchkey.reset();
  await using homes = new AsyncDisposableStack();
  const prepared: { readonly scenario: Scenario; readonly surroundings: Surroundings }[] = [];
  for (const scenario of scenarios) {
    // A home of its own, so that nobody's configuration takes part.
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-interop-'));
    homes.defer(() => rm(folder, { recursive: true }));
    const variables = await scenario.prepare(latchkey, join(folder, 'token'));
    const environment = { ...addresses(latchkey.facts), HOME: folder, ...variables };
    prepared.push({ scenario, surroundings: { environment, folder } });
  }
  const runs = await Promise.all(
    prepared.map(({ scenario, surroundings }): Promise<Run> => {
      const { operations, provider = 'default' } = scenario;
      const { bucket, table } = latchkey.facts;
      return installed.run({ bucket, table, provider, operations }, surroundings);
    }),
  );
  return scenarios.flatMap(({ judge }, index) => judge(runs[index] as Run, latchkey.vends()));
}

function addresses({ api, region, s3, dynamodb }: LocalFacts) {
  return {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${api}/credentials/container`,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_S3: s3,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
  };
}
