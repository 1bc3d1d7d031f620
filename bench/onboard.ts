import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { VendAnswer } from '../functions/api/answers.ts';
import { parseTenantId } from '../functions/core/tenant-id.ts';
import type { LocalLatchkey } from '../local/start.ts';

/** What a run of many tenants came to. */
export interface OnboardingRun {
  readonly tenants: number;
  /** With duplicates, and in no order. */
  readonly events: number;
  /** Tenants of which `TenantOnboarded` was said: only after every probe of theirs had passed. */
  readonly onboarded: number;
  readonly deadLetters: number;
  /** Tenants for which credentials came that say so themselves. */
  readonly vended: number;
  readonly onboardingSeconds: number;
  readonly vendingSeconds: number;
}

/** An issuer of our own, whose public key stands in its record. */
const ISSUER = 'https://login.control-plane.example';
const CLAIM = 'org_id';
/** Entries of one PutEvents. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;
/** One event in so many is delivered twice. */
const DUPLICATE_EVERY = 10;
const VENDS_AT_ONCE = 20;
/** As any AWS SDK does with a 503 of a machine that is busy. */
const ATTEMPTS = 3;

/** Onboards so many tenants by events, as a control plane would, waits until nothing is under way, and vends for each. */
export async function onboardMany(latchkey: LocalLatchkey, count: number): Promise<OnboardingRun> {
  const { functions, aws } = latchkey;
  const sign = await createIssuer(latchkey);
  const tenantIds = Array.from({ length: count }, (_, index) => `tenant-${index + 1}`);
  const onboarded = new Set<unknown>();
  const unsubscribe = aws.bus.subscribe((event) => {
    if (event['detail-type'] === 'TenantOnboarded') onboarded.add(event.detail['tenantId']);
  });
  const startedAt = performance.now();
  const events = await sendEvents(latchkey, tenantIds);
  await functions.eventsDone();
  const onboardedAt = performance.now();
  unsubscribe();
  const vended = await vendForEach(latchkey, tenantIds, sign);
  return {
    tenants: count,
    events,
    onboarded: onboarded.size,
    deadLetters: aws.deadLetterQueue.counts().visible,
    vended,
    onboardingSeconds: (onboardedAt - startedAt) / 1000,
    vendingSeconds: (performance.now() - onboardedAt) / 1000,
  };
}

/** Makes an issuer and gives what signs its tokens. */
async function createIssuer({
  functions,
  facts,
}: LocalLatchkey): Promise<(tenantId: string) => Promise<string>> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const audience = facts.newcomer.resource;
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] };
  const act = { requestId: 'bench', actor: 'bench' };
  await functions.administration.putIssuer(act, { url: ISSUER, audience, jwks, claim: CLAIM }, 'any');
  return (tenantId) =>
    new SignJWT({ [CLAIM]: `org-of-${tenantId}` })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })
      .setIssuer(ISSUER)
      .setSubject('app')
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
}

/** Sends what onboards each tenant, and how many events that were. */
async function sendEvents({ facts, aws }: LocalLatchkey, tenantIds: readonly string[]): Promise<number> {
  const { region, events: endpoint, eventBus } = facts;
  const client = new EventBridgeClient({ region, endpoint, credentials: aws.operatorCredentials });
  const repeated = tenantIds.filter((_, index) => index % DUPLICATE_EVERY === 0);
  const entries = [...tenantIds, ...repeated].map((tenantId) => ({
    EventBusName: eventBus,
    Source: 'control-plane',
    DetailType: 'TenantOnboardingRequested',
    Detail: JSON.stringify({ tenantId: parseTenantId(tenantId), version: 1, tenant: definitionOf(tenantId) }),
  }));
  for (let from = 0; from < entries.length; from += ENTRIES_MAX)
    await client.send(new PutEventsCommand({ Entries: entries.slice(from, from + ENTRIES_MAX) }));
  return entries.length;
}

function definitionOf(tenantId: string) {
  return {
    displayName: `Company ${tenantId}`,
    profiles: ['app'],
    defaultProfile: 'app',
    claims: [{ issuer: ISSUER, value: `org-of-${tenantId}` }],
  };
}

/** Vends for each tenant over HTTP; for how many it got that tenant's credentials. */
async function vendForEach(
  { facts }: LocalLatchkey,
  tenantIds: readonly string[],
  sign: (tenantId: string) => Promise<string>,
): Promise<number> {
  const waiting = [...tenantIds];
  let vended = 0;
  const work = async () => {
    for (let tenantId = waiting.pop(); tenantId !== undefined; tenantId = waiting.pop()) {
      const answer = await vend(facts.api, await sign(tenantId));
      if (answer.sessionTags?.['TenantId'] === tenantId && answer.credentials !== undefined) vended += 1;
    }
  };
  await Promise.all(Array.from({ length: VENDS_AT_ONCE }, work));
  return vended;
}

async function vend(api: string, token: string): Promise<Partial<VendAnswer>> {
  for (let attempt = 1; ; attempt += 1) {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${api}/credentials`, { method: 'POST', headers });
    const answer = (await response.json()) as Partial<VendAnswer>;
    if (response.status !== 503 || attempt === ATTEMPTS) return answer;
  }
}
