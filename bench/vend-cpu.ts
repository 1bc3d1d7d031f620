import { createRequire } from 'node:module';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { createStsClient } from '../functions/adapters/sts/regional-sts.ts';
import { readVendEnvironment } from '../functions/vend/environment.ts';
import { assumeRoleInput } from './acme.ts';
import { vendEvent } from './api-gateway-event.ts';
import { createBareSts } from './bare-sts.ts';
import { type Row, toRow } from './row.ts';
import { cpuMicrosecondsPerCall, medians, roundsInAll } from './sample.ts';

const ROUNDS = 41;
const CALLS = 50;
const TARGET_RATIO = 1.5;

/** Enough that every vend with a new token has one of its own. */
export const NEW_TOKENS = roundsInAll(ROUNDS) * CALLS;

/**
 * CPU of a vend that goes to STS while registry and keys are warm, in the bundle at `indexPath` and from API Gateway's
 * event to Lambda's answer, audit event written; with a token that was checked a moment ago, and with one that has to be
 * checked; over what the AssumeRole in it costs by itself, with the same client
 * and with the least client there could be.
 */
export async function measureVendCpu(
  indexPath: string,
  token: string,
  newTokens: readonly string[],
): Promise<Row[]> {
  const { region, credentials, stsEndpoint: endpoint = '' } = readVendEnvironment(process.env);
  const bareSts = createBareSts({ region, credentials, endpoint });
  const client = createStsClient({ region, credentials, endpoint });
  const vend = loadVend(indexPath);
  const unseen = newTokens.values();
  const cpuOf = (call: () => unknown) => () => cpuMicrosecondsPerCall(CALLS, call);
  const cpu = await medians(ROUNDS, {
    known: cpuOf(() => vend(token)),
    new: cpuOf(() => vend(unseen.next().value ?? '')),
    bare: cpuOf(() => bareSts.assumeRole(assumeRoleInput)),
    clientSts: cpuOf(() => client.send(new AssumeRoleCommand(assumeRoleInput))),
  });
  const bareClient = { name: 'bare signed AssumeRole', value: cpu.bare };
  const sdkClient = { name: 'client-sts alone', value: cpu.clientSts };
  return (['known', 'new'] as const).flatMap((kind) => {
    const common = {
      name: `uncached vend, ${kind} token`,
      value: cpu[kind],
      unit: 'µs CPU',
      runs: ROUNDS,
    } as const;
    return [
      toRow({ ...common, baseline: bareClient }),
      toRow({ ...common, baseline: sdkClient, target: TARGET_RATIO }),
    ];
  });
}

type Handler = (event: APIGatewayProxyEvent, context: object) => Promise<APIGatewayProxyResult>;

function loadVend(indexPath: string): (token: string) => Promise<void> {
  const { handler }: { handler: Handler } = createRequire(import.meta.url)(indexPath);
  return async (token) => {
    const { statusCode, body } = await handler(vendEvent(token), {});
    if (statusCode !== 200) throw new Error(`got status ${statusCode}, expected 200: ${body}`);
  };
}
