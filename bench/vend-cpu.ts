import { createRequire } from 'node:module';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { createStsClient } from '../functions/adapters/role-assumer.ts';
import { readVendEnvironment } from '../functions/vend/environment.ts';
import { assumeRoleInput } from './acme.ts';
import { vendEvent } from './api-gateway-event.ts';
import { createBareSts } from './bare-sts.ts';
import { type Row, toRow } from './row.ts';
import { cpuMicrosecondsPerCall, medians } from './sample.ts';

const ROUNDS = 41;
const CALLS = 100;
const TARGET_RATIO = 1.5;

/**
 * CPU of a vend that goes to STS while registry and keys are warm, in the bundle at `indexPath` and from API Gateway's
 * event to Lambda's answer, audit event written; over what the AssumeRole in it costs by itself, with the same client
 * and with the least client there could be.
 */
export async function measureVendCpu(indexPath: string, token: string): Promise<Row[]> {
  const { region, credentials, stsEndpoint: endpoint = '' } = readVendEnvironment(process.env);
  const bareSts = createBareSts({ region, credentials, endpoint });
  const client = createStsClient({ region, credentials, endpoint });
  const vend = loadVend(indexPath, token);
  const cpuOf = (call: () => unknown) => () => cpuMicrosecondsPerCall(CALLS, call);
  const cpu = await medians(ROUNDS, {
    vend: cpuOf(vend),
    bare: cpuOf(() => bareSts.assumeRole(assumeRoleInput)),
    clientSts: cpuOf(() => client.send(new AssumeRoleCommand(assumeRoleInput))),
  });
  const common = { name: 'uncached vend', value: cpu.vend, unit: 'µs CPU', runs: ROUNDS } as const;
  return [
    toRow({ ...common, baseline: { name: 'bare signed AssumeRole', value: cpu.bare } }),
    toRow({
      ...common,
      baseline: { name: 'client-sts alone', value: cpu.clientSts },
      target: TARGET_RATIO,
    }),
  ];
}

type Handler = (event: APIGatewayProxyEvent, context: object) => Promise<APIGatewayProxyResult>;

function loadVend(indexPath: string, token: string): () => Promise<void> {
  const { handler }: { handler: Handler } = createRequire(import.meta.url)(indexPath);
  const event = vendEvent(token);
  return async () => {
    const { statusCode, body } = await handler(event, {});
    if (statusCode !== 200) throw new Error(`got status ${statusCode}, expected 200: ${body}`);
  };
}
