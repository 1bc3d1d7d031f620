import type { VendAnswer } from '../functions/vend/answers.ts';
import { loadProfileDefinitions } from '../profiles/load.ts';
import { lifecycleSteps } from './demo-lifecycle.ts';
import { demoSteps } from './demo-steps.ts';
import { exitWith } from './exit-with.ts';
import { fetchToken } from './fetch-token.ts';
import type { LocalFacts } from './local-facts.ts';
import { runSteps } from './run-steps.ts';
import { startLocal } from './start.ts';

async function main(): Promise<void> {
  let passed = 0;
  let vends = 0;
  const latchkey = await startLocal({
    port: 0,
    profileDefinitions: await loadProfileDefinitions(),
    auditLog: {
      record: ({ operation }) => {
        if (operation === 'vend') vends += 1;
      },
    },
    clock: () => new Date(Date.now() + passed * 1000),
    log: () => {},
  });
  try {
    const { facts } = latchkey;
    const token = await fetchToken(facts, 'acme');
    console.log('a token for acme from the OpenID provider: ok');
    const full = await vend(facts, token, {});
    const folder = await vend(facts, token, { scope: { folder: 'reports/' } });
    const readOnly = await vend(facts, token, { profile: 'read-only' });
    const pass = (seconds: number) => {
      passed += seconds;
    };
    await runSteps(
      [
        ...demoSteps({ full, folder, readOnly }, facts),
        ...(await lifecycleSteps({ latchkey, vend: (bearer) => vend(facts, bearer, {}), pass })),
      ],
      console.log,
    );
    if (vends !== 7) throw new Error(`got ${vends} audit events of vends, expected 7, one for each`);
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
  if (response.status !== 200) {
    const text = await response.text();
    const error = new Error(`got ${response.status} from POST /credentials: ${text}`);
    error.name = (JSON.parse(text) as { code: string }).code;
    throw error;
  }
  const answer = (await response.json()) as VendAnswer;
  console.log(
    `POST /credentials ${JSON.stringify(body)}: ${answer.assumedRoleUser.arn} until ${answer.credentials.expiration}`,
  );
  return answer;
}

await main().catch(exitWith);
