import { setTimeout as sleep } from 'node:timers/promises';
import { ERROR_CODES, type ErrorCode, statusOf } from '../../functions/core/errors.ts';
import type { Caller, Kind } from './callers.ts';
import { DEADLINE_MILLISECONDS, type Instance, type World } from './world.ts';

/** What a caller was answered: credentials, or a code. */
export type Outcome = 'served' | ErrorCode;

/** The answers to one caller, of requests that were sent at once. */
export interface Answers {
  readonly kind: Kind;
  readonly outcomes: readonly Outcome[];
  /** Of the one that took longest. */
  readonly milliseconds: number;
}

/** What came of many callers at once. */
export interface Volley {
  readonly answers: readonly Answers[];
  /** Which STS the credentials came from. */
  readonly regions: ReadonlySet<string>;
  /** What must never be, in words; of any clock but the machine's. */
  readonly wrong: readonly string[];
  /** Answers after the deadline. */
  readonly late: readonly string[];
}

/** What a process may take beyond the deadline, with nothing else to do. */
const SLACK_MILLISECONDS = 300;

/** Has all callers ask at once, and holds each answer against what it may be. */
export async function fire(world: World, instance: Instance, callers: readonly Caller[]): Promise<Volley> {
  const regions = new Set<string>();
  const wrong: string[] = [];
  const late: string[] = [];

  async function ask(request: Request, caller: Caller): Promise<{ outcome: Outcome; milliseconds: number }> {
    const startedAt = performance.now();
    const response = await instance.request(request);
    const milliseconds = performance.now() - startedAt;
    const text = await response.text();
    const { outcome, faults, region } = judge(world, instance, caller, response, text);
    wrong.push(...faults.map((fault) => `${caller.kind} ${caller.tenantId}: ${fault}`));
    if (region !== undefined) regions.add(region);
    if (milliseconds > DEADLINE_MILLISECONDS + SLACK_MILLISECONDS)
      late.push(`${caller.kind}: ${outcome} after the deadline`);
    return { outcome, milliseconds };
  }

  // Before the clock starts: signing takes longer than verifying.
  const asking = await Promise.all(
    callers.map(async (caller) => ({ caller, requests: await caller.requests() })),
  );
  const answers = await Promise.all(
    asking.map(async ({ caller, requests }): Promise<Answers> => {
      const asked = await Promise.all(requests.map((request) => ask(request, caller)));
      const outcomes = asked.map(({ outcome }) => outcome);
      if (requests.length > 1 && outcomes.filter((outcome) => outcome === 'served').length > 1)
        wrong.push(`${caller.kind}: what is good once was granted twice`);
      const milliseconds = Math.max(...asked.map((each) => each.milliseconds));
      return { kind: caller.kind, outcomes, milliseconds };
    }),
  );
  return { answers, regions, wrong, late };
}

interface Judgement {
  readonly outcome: Outcome;
  readonly faults: readonly string[];
  readonly region?: string | undefined;
}

function judge(
  world: World,
  { audited }: Instance,
  { tenantId }: Caller,
  { status, headers }: Response,
  text: string,
): Judgement {
  const body = JSON.parse(text) as Record<string, unknown>;
  const events = audited.filter(({ vendId }) => vendId === body['vendId']);
  const [event] = events;
  if (status !== 200) {
    world.output.add(`${status} ${JSON.stringify([...headers])} ${text}`);
    return { outcome: body['code'] as ErrorCode, faults: refusalFaults(body, status, headers, event?.code) };
  }
  const faults = events.length === 1 ? [] : [`${events.length} audit events of what was granted`];
  const { accessKeyId, secretAccessKey, sessionToken } = body['credentials'] as Record<string, string>;
  const session = world.sessions.get(accessKeyId ?? '');
  const held: readonly (readonly [string, boolean])[] = [
    ['granted to nobody', tenantId !== undefined],
    ['another tenant id', body['tenantId'] === tenantId],
    ["another tenant's session", session?.tags['TenantId'] === tenantId],
    ["another session's secret", session?.credentials.secretAccessKey === secretAccessKey],
    ["another session's token", session?.credentials.sessionToken === sessionToken],
    ['no session policy', session?.sessionPolicies?.length === 1],
    ["another caller's session", session?.sourceIdentity === event?.sourceIdentity],
    ['unaudited', event?.code === 'granted' && event.accessKeyId === accessKeyId],
    ['audited for another tenant', event?.tenantId === tenantId],
  ];
  for (const [fault, holds] of held) if (!holds) faults.push(fault);
  return { outcome: 'served', faults, region: event?.stsRegion };
}

function refusalFaults(
  body: Readonly<Record<string, unknown>>,
  status: number,
  headers: Headers,
  audited: string | undefined,
): readonly string[] {
  const code = body['code'] as ErrorCode;
  const faults: string[] = [];
  if (!ERROR_CODES.includes(code)) return [`an answer with code ${code}`];
  if (status !== statusOf(code)) faults.push(`${code} with status ${status}`);
  const isForNow = status === 503 || status === 429;
  if (isForNow && !/^[1-9]\d*$/.test(headers.get('Retry-After') ?? ''))
    faults.push(`${code} without Retry-After`);
  // What cannot be written down is answered with this.
  if (audited !== code && code !== 'internal_error') faults.push(`${code} audited as ${audited}`);
  return faults;
}

/** Asks again and again until all is as it should be; gives the milliseconds that it took, or undefined after too many. */
export async function until(
  isRight: () => Promise<boolean>,
  limitMilliseconds: number,
): Promise<number | undefined> {
  const startedAt = performance.now();
  for (;;) {
    const milliseconds = performance.now() - startedAt;
    if (await isRight()) return milliseconds;
    if (milliseconds > limitMilliseconds) return undefined;
    await sleep(100);
  }
}
