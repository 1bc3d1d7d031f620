import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { VendAnswer } from '../functions/api/answers.ts';
import { ANNOUNCEMENT_SOURCE } from '../functions/core/administration/announcement-source.ts';
import { REGISTRY_LAG_SECONDS } from '../functions/core/revocation/revocation.ts';
import type { Step } from './demo-steps.ts';
import { fetchToken } from './fetch-token.ts';
import { operatorVariables } from './local-facts.ts';
import type { LocalLatchkey } from './start.ts';

/** What the life of a tenant is shown with. */
export interface LifecycleOptions {
  readonly latchkey: LocalLatchkey;
  readonly vend: (token: string) => Promise<VendAnswer>;
  /** Moves the clock of everything here. */
  readonly pass: (seconds: number) => void;
}

/** A tenant from its first event to its last: onboarded and verified, vended to, cut off, suspended. */
export async function lifecycleSteps({ latchkey, vend, pass }: LifecycleOptions): Promise<readonly Step[]> {
  const { facts } = latchkey;
  const { tenantId } = facts.newcomer;
  const newcomer = await fetchToken(facts, tenantId);
  const globex = await vend(await fetchToken(facts, 'globex'));
  const allowed = (title: string, run: Step['run']): Step => ({ title, expected: 'allowed', run });
  const denied = (title: string, run: Step['run']): Step => ({ title, expected: 'denied', run });
  const latchkeyProgram = (...argv: string[]) => runProgram(latchkey, argv);
  let before: VendAnswer | undefined;
  return [
    allowed(`${tenantId}: an event onboards it, and TenantOnboarded follows`, () => onboard(latchkey)),
    allowed(`${tenantId}: latchkey tenant verify`, () => latchkeyProgram('tenant', 'verify', tenantId)),
    allowed(`${tenantId}: vend`, async () => {
      before = await vend(newcomer);
    }),
    allowed(`${tenantId}: s3 put`, () => put(latchkey, before, tenantId)),
    denied(`${tenantId}: s3 get of acme's`, () => get(latchkey, before, 'acme')),
    allowed(`${tenantId}: latchkey tenant revoke`, async () => {
      await latchkeyProgram('tenant', 'revoke', tenantId);
      // AWS tells issue times in whole seconds: what is vended in the same one is cut off as well.
      pass(1);
    }),
    denied(`${tenantId}: s3 put with what was vended before`, () => put(latchkey, before, tenantId)),
    allowed(`${tenantId}: s3 put with what is vended now`, async () =>
      put(latchkey, await vend(newcomer), tenantId),
    ),
    allowed('globex: s3 get with what was vended before', () => get(latchkey, globex, 'globex')),
    allowed(`${tenantId}: latchkey tenant suspend`, async () => {
      await latchkeyProgram('tenant', 'suspend', tenantId);
      pass(REGISTRY_LAG_SECONDS);
    }),
    denied(`${tenantId}: vend, ${REGISTRY_LAG_SECONDS} seconds later`, () => vend(newcomer)),
  ];
}

/** As a SaaS company's control plane does, and waits for what Latchkey says to it. */
async function onboard({ facts, aws, functions }: LocalLatchkey): Promise<void> {
  const { newcomer, issuer, region, events, eventBus } = facts;
  const { tenantId } = newcomer;
  const tenant = {
    displayName: 'Umbrella Inc',
    profiles: ['app', 'read-only'],
    defaultProfile: 'app',
    claims: [{ issuer, value: tenantId }],
  };
  const client = new EventBridgeClient({ region, endpoint: events, credentials: aws.operatorCredentials });
  const event = {
    EventBusName: eventBus,
    Source: 'control-plane',
    DetailType: 'TenantOnboardingRequested',
    Detail: JSON.stringify({ tenantId, version: 1, tenant }),
  };
  await client.send(new PutEventsCommand({ Entries: [event] }));
  await functions.eventsDone();
  const said = aws.bus.recent().filter(({ source }) => source === ANNOUNCEMENT_SOURCE);
  const onboarded = said.find((each) => each['detail-type'] === 'TenantOnboarded');
  if (onboarded?.detail['tenantId'] !== tenantId)
    throw new Error(`got ${JSON.stringify(said)}, expected TenantOnboarded of ${tenantId}`);
}

/** The very program that an operator runs; throws when it ends with another code than 0. */
async function runProgram({ facts, aws }: LocalLatchkey, argv: readonly string[]): Promise<void> {
  const env = { ...process.env, ...operatorVariables(facts, aws) };
  await promisify(execFile)(process.execPath, ['cli/main.ts', ...argv], { env });
}

function clientOf({ facts }: LocalLatchkey, answer: VendAnswer | undefined): S3Client {
  if (answer === undefined) throw new Error('got no credentials, expected those of an earlier step');
  const { accessKeyId, secretAccessKey, sessionToken } = answer.credentials;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  return new S3Client({ region: facts.region, endpoint: facts.s3, credentials });
}

function put(latchkey: LocalLatchkey, answer: VendAnswer | undefined, tenantId: string): Promise<unknown> {
  const object = { Bucket: latchkey.facts.bucket, Key: `${tenantId}/demo.txt`, Body: 'hello' };
  return clientOf(latchkey, answer).send(new PutObjectCommand(object));
}

function get(latchkey: LocalLatchkey, answer: VendAnswer | undefined, tenantId: string): Promise<unknown> {
  const object = { Bucket: latchkey.facts.bucket, Key: `${tenantId}/welcome.txt` };
  return clientOf(latchkey, answer).send(new GetObjectCommand(object));
}
