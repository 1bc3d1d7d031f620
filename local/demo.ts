import { loadProfileDefinitions } from '../profiles/load.ts';
import { askForCredentials } from './ask-for-credentials.ts';
import { lifecycleSteps } from './demo-lifecycle.ts';
import { methodSteps } from './demo-methods.ts';
import { demoSteps } from './demo-steps.ts';
import { exitWith } from './exit-with.ts';
import { fetchToken } from './fetch-token.ts';
import { runSteps } from './run-steps.ts';
import { startLocal } from './start.ts';

/** Three to begin with, one by each other method, one to be denied, and four in the life of a tenant. */
const VENDS = 14;

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
    const vend = (bearer: string, body: object) => askForCredentials(facts, { token: bearer, body });
    const full = await vend(token, {});
    const folder = await vend(token, { scope: { folder: 'reports/' } });
    const readOnly = await vend(token, { profile: 'read-only' });
    const pass = (seconds: number) => {
      passed += seconds;
    };
    await runSteps(
      [
        ...demoSteps({ full, folder, readOnly }, facts),
        ...(await methodSteps(facts)),
        ...(await lifecycleSteps({ latchkey, vend: (bearer) => vend(bearer, {}), pass })),
      ],
      console.log,
    );
    if (vends !== VENDS)
      throw new Error(`got ${vends} audit events of vends, expected ${VENDS}, one for each`);
    console.log("\nevery outcome as it must be: what is acme's is open to acme, and nothing else is");
  } finally {
    await latchkey.close();
  }
}

await main().catch(exitWith);
