import { parseArgs } from 'node:util';
import { ConfigurationError } from '../functions/core/errors.ts';
import { exitWith } from '../local/exit-with.ts';
import { startLocal } from '../local/start.ts';
import { profileDefinitions } from '../profiles/index.ts';
import { onboardMany } from './onboard.ts';

const HELP = `npm run bench:onboarding -- [--tenants N]

Onboards tenants by events (each verified by probes), vends for each of them, and says how long that took; ends
non-zero if one was lost.
  --tenants N   how many (default 1000)
  --help        this text`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { tenants: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const count = Number(values.tenants ?? 1000);
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigurationError(`--tenants: got ${values.tenants}, expected a whole number from 1`);
  const latchkey = await startLocal({
    port: 0,
    profileDefinitions,
    auditLog: { record: () => {} },
    log: () => {},
  });
  try {
    const run = await onboardMany(latchkey, count);
    const { tenants, events, onboarded, deadLetters, vended, onboardingSeconds, vendingSeconds } = run;
    const rate = (seconds: number) => `${seconds.toFixed(1)} s, ${Math.round(tenants / seconds)} a second`;
    console.log(`${tenants} tenants, ${events} events, one in ten of them twice`);
    console.log(`onboarded and verified  ${onboarded}   ${rate(onboardingSeconds)}`);
    console.log(`vended to               ${vended}   ${rate(vendingSeconds)}`);
    console.log(`dead letters            ${deadLetters}`);
    if (onboarded !== tenants || vended !== tenants || deadLetters > 0)
      throw new ConfigurationError('some were lost');
  } finally {
    await latchkey.close();
  }
}

await main().catch(exitWith);
