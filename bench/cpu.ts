import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Row } from './row.ts';
import { startStsPeer } from './sts-peer.ts';
import type { Surroundings } from './surroundings.ts';
import { NEW_TOKENS } from './vend-cpu.ts';

/** What is measured in CPU time: see measure-cpu.ts, which does it in a process of its own. */
export async function measureCpu(
  indexPath: string,
  { variables, token, newTokens }: Surroundings,
): Promise<Row[]> {
  const sts = await startStsPeer();
  try {
    const child = fork(new URL('measure-cpu.ts', import.meta.url), [indexPath, token], {
      env: { ...variables, AWS_ENDPOINT_URL_STS: sts.url },
      // The audit log goes to stdout, as in Lambda.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.send(await newTokens(NEW_TOKENS));
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`got exit code ${code} from measure-cpu.ts, expected rows`);
    });
    const [rows] = (await Promise.race([once(child, 'message'), exited])) as [Row[]];
    return rows;
  } finally {
    await sts.close();
  }
}
