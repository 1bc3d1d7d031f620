import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AuditEvent } from '../../functions/core/audit-event.ts';
import { fetchToken } from '../../local/fetch-token.ts';
import type { LocalFacts } from '../../local/local-facts.ts';
import { startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import type { InstalledClient, Run } from './client.ts';
import type { Outcome } from './errand.ts';
import { SCENARIOS, type Scenario, type Step } from './steps.ts';

/** One thing that was looked at, and what was wrong with it. */
export interface Check {
  readonly shows: Step['shows'] | 'vends';
  readonly title: string;
  readonly fault?: string;
  /** What the client said, where the step asks for it. */
  readonly quote?: string;
}

/** How a client went through a scenario. */
export interface Attempt {
  readonly checks: readonly Check[];
  readonly vends: number;
  readonly processes: number;
}

const LONGEST_SHOWN = 500;

/** Sends a client through every scenario, against a Latchkey of its own as `npm run dev` runs it. */
export async function checkClient(client: InstalledClient): Promise<readonly Attempt[]> {
  const audited: AuditEvent[] = [];
  const latchkey = await startLocal({
    port: 0,
    profileDefinitions,
    auditLog: { record: (event) => void audited.push(event) },
    log: () => {},
  });
  try {
    const attempts: Attempt[] = [];
    for (const scenario of SCENARIOS) {
      const run = await runScenario(client, scenario, latchkey.facts);
      attempts.push(judge(scenario, run, audited.splice(0)));
    }
    return attempts;
  } finally {
    await latchkey.close();
  }
}

/** In a home of its own, so that nobody's configuration takes part. */
async function runScenario(client: InstalledClient, scenario: Scenario, facts: LocalFacts): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-interop-'));
  try {
    const token = await fetchToken(facts, 'acme');
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, `Bearer ${token}`);
    const environment = { ...addresses(facts), HOME: folder, ...scenario.variables(token, tokenFile) };
    const operations = scenario.steps.map(({ operation }) => operation);
    return await client.run(
      { bucket: facts.bucket, table: facts.table, operations },
      { environment, folder },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
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

function judge(
  { steps, vendsPerProcess }: Scenario,
  { outcomes, processes }: Run,
  audited: readonly AuditEvent[],
): Attempt {
  const vends = audited.filter(({ operation, code }) => operation === 'vend' && code === 'granted').length;
  const expected = vendsPerProcess * processes;
  const vendCheck: Check = {
    shows: 'vends',
    title: `${vendsPerProcess} for a process`,
    ...(vends === expected ? {} : { fault: `got ${vends} in ${processes} processes, expected ${expected}` }),
  };
  const checks = [...steps.map((step, index) => checkStep(step, outcomes[index])), vendCheck];
  return { checks, vends, processes };
}

function checkStep({ shows, title, expected, isQuoted = false }: Step, outcome: Outcome | undefined): Check {
  if (outcome === undefined || !meets(outcome, expected)) {
    return { shows, title, fault: `got ${show(outcome)}, expected ${show(expected)}` };
  }
  return { shows, title, ...(isQuoted ? { quote: show(outcome) } : {}) };
}

function meets(outcome: Outcome, expected: Step['expected']): boolean {
  if ('value' in expected) return 'value' in outcome && isDeepStrictEqual(outcome.value, expected.value);
  return 'error' in outcome && expected.error.test(outcome.error);
}

function show(what: Outcome | Step['expected'] | undefined): string {
  if (what === undefined) return 'no outcome';
  const text = 'value' in what ? JSON.stringify(what.value) : String(what.error);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}… (${text.length} characters)` : text;
}
