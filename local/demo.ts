import { ConfigurationError } from '../functions/core/errors.ts';
import type { VendAnswer } from '../functions/vend/answers.ts';
import { loadProfileDefinitions } from '../profiles/load.ts';
import { demoSteps, type Step } from './demo-steps.ts';
import { exitWith } from './exit-with.ts';
import { fetchToken } from './fetch-token.ts';
import { type LocalFacts, startLocal } from './start.ts';

/** AWS's names for the same refusal, in S3 and in DynamoDB. */
const DENIALS = new Set(['AccessDenied', 'AccessDeniedException']);

async function main(): Promise<void> {
  let audited = 0;
  const latchkey = await startLocal({
    port: 0,
    profileDefinitions: await loadProfileDefinitions(),
    auditLog: { record: () => void audited++ },
    log: () => {},
  });
  try {
    const { facts } = latchkey;
    const token = await fetchToken(facts, 'acme');
    console.log('a token for acme from the OpenID provider: ok');
    const full = await vend(facts, token, {});
    const folder = await vend(facts, token, { scope: { folder: 'reports/' } });
    const readOnly = await vend(facts, token, { profile: 'read-only' });
    const wrong = await runSteps(demoSteps({ full, folder, readOnly }, facts));
    if (audited !== 3) throw new Error(`got ${audited} audit events, expected 3, one for each vend`);
    if (wrong > 0) throw new ConfigurationError(`${wrong} outcomes were wrong`);
    console.log('\nevery outcome as it must be: what is acme’s is open to acme, and nothing else is');
  } finally {
    await latchkey.close();
  }
}

async function vend({ api }: LocalFacts, token: string, body: object): Promise<VendAnswer> {
  const response = await fetch(`${api}/credentials`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 200)
    throw new Error(`got ${response.status} from POST /credentials: ${await response.text()}`);
  const answer = (await response.json()) as VendAnswer;
  console.log(
    `POST /credentials ${JSON.stringify(body)}: ${answer.assumedRoleUser.arn} until ${answer.credentials.expiration}`,
  );
  return answer;
}

async function runSteps(steps: readonly Step[]): Promise<number> {
  let wrong = 0;
  for (const { title, expected, run } of steps) {
    const outcome = await run().then(
      () => 'allowed',
      (error: Error) => (DENIALS.has(error.name) ? 'denied' : `${error.name}: ${error.message}`),
    );
    if (outcome !== expected) wrong += 1;
    console.log(`${outcome === expected ? 'ok   ' : 'WRONG'} ${title}: ${outcome}`);
  }
  return wrong;
}

await main().catch(exitWith);
