import type { VendAnswer } from '../functions/vend/answers.ts';
import { loadProfileDefinitions } from '../profiles/load.ts';
import { demoSteps } from './demo-steps.ts';
import { exitWith } from './exit-with.ts';
import { fetchToken } from './fetch-token.ts';
import { runSteps } from './run-steps.ts';
import { type LocalFacts, startLocal } from './start.ts';

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
    await runSteps(demoSteps({ full, folder, readOnly }, facts), console.log);
    if (audited !== 3) throw new Error(`got ${audited} audit events, expected 3, one for each vend`);
    console.log("\nevery outcome as it must be: what is acme's is open to acme, and nothing else is");
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

await main().catch(exitWith);
