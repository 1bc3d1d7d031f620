import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorCode } from '../../functions/core/errors.ts';
import { TENANT_ROLE_ARN } from '../../local/account.ts';
import { checkAnswer } from './check-answer.ts';
import { type Exchange, exchange, ORIGIN, type Sent } from './exchange.ts';
import type { Outcome } from './family.ts';
import { findCrossing } from './isolation.ts';
import type { Moments } from './token-oracle.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** The world, and who watches it. */
export interface Surroundings {
  readonly world: World;
  readonly watch: Watch;
}

/** What may come of a request. */
export interface Expectation {
  /** The tenant that credentials may be vended for, or told of; undefined: none. Asked when the answer is there. */
  readonly tenantAt: (moments: Moments) => string | undefined;
  /** Nothing is wrong with it: it must be granted. */
  readonly mustBeGranted?: boolean;
  /** Texts of the caller that may stand in the session's policy. */
  readonly hints?: readonly string[];
  /** Codes that are somebody else's fault, and were provoked. */
  readonly mayAnswer?: readonly ErrorCode[];
}

/** Of a machine that is busy: asked again. */
const UNAVAILABLE: readonly ErrorCode[] = [
  'keys_unavailable',
  'registry_unavailable',
  'replay_check_unavailable',
  'deadline_exceeded',
  'sts_unavailable',
  'sts_throttled',
];
const TRIES = 4;
/** Longer than anything that failed is left alone. */
const PAUSE = { real: 1200, world: 11_000 };

/** Sends a request and holds what comes of it against every promise; throws for one that is broken. */
export async function ask(around: Surroundings, sent: Sent, expected: Expectation): Promise<Outcome> {
  const { world, watch } = around;
  const { mayAnswer = [], mustBeGranted = false } = expected;
  for (let tried = 1; ; tried += 1) {
    const sessions = world.aws.sessions.size;
    const from = world.now();
    const got = await watch.timed(() => exchange(world, sent));
    if (got === undefined) return 'no request';
    const { code, json } = checkAnswer(got, mayAnswer);
    if (code !== undefined) {
      if (world.aws.sessions.size !== sessions)
        throw new Error(`forbidden: a session was made, and ${code} answered`);
      if (UNAVAILABLE.includes(code) && !mayAnswer.includes(code) && tried < TRIES) {
        world.passTime(PAUSE.world);
        await wait(PAUSE.real);
        continue;
      }
      if (mustBeGranted || (UNAVAILABLE.includes(code) && !mayAnswer.includes(code)))
        throw new Error(`got ${code}, expected a grant, or a refusal for good`);
      return code;
    }
    const { pathname } = new URL(ORIGIN + sent.path);
    if (/^\/(?:health|openapi\.json|\.well-known\/)/.test(pathname)) return 'answered';
    const tenant = expected.tenantAt({ from, to: world.now() });
    if (tenant === undefined) throw new Error('forbidden: got 200, expected a refusal');
    if (pathname === '/whoami') return assertTold(json, tenant);
    return assertVended(around, got, tenant, expected);
  }
}

function assertTold(json: Readonly<Record<string, unknown>> | undefined, tenant: string): Outcome {
  if (json?.['tenantId'] === tenant) return 'told';
  throw new Error(`forbidden: got what is told to ${String(json?.['tenantId'])}, expected ${tenant}`);
}

/** Policies that have been looked at. */
const judged = new Set<string>();

function assertVended(
  { world }: Surroundings,
  { text, lines }: Exchange,
  tenant: string,
  { hints = [] }: Expectation,
): Outcome {
  const accessKeyId = /ASIA[A-Z2-7]{16}/.exec(text)?.[0] ?? '';
  const session = world.aws.sessions.get(accessKeyId);
  if (session?.kind !== 'assumedRole') throw new Error('got credentials that STS has not issued');
  // Of repeated measurements there are several; none is needed any more.
  for (const [key, { entityArn }] of world.aws.sessions)
    if (entityArn === TENANT_ROLE_ARN) world.aws.sessions.delete(key);
  if (session.tags['TenantId'] !== tenant || session.entityArn !== TENANT_ROLE_ARN)
    throw new Error(`forbidden: got a session of ${session.tags['TenantId']}, expected ${tenant}`);
  const [line = '', ...more] = lines.filter((one) => one.includes(accessKeyId));
  if (more.length > 0 || !line.includes('"granted"') || !line.includes(`"tenantId":"${tenant}"`))
    throw new Error('audit: expected one line of this vend');
  const { secretAccessKey, sessionToken } = session.credentials;
  if (line.includes(secretAccessKey) || line.includes(sessionToken))
    throw new Error('audit: got credentials');
  const [policy] = session.sessionPolicies ?? [];
  if (policy === undefined) throw new Error('forbidden: got a session without a policy');
  const key = JSON.stringify([tenant, policy.statements, hints]);
  if (judged.has(key)) return 'granted';
  const crossing = findCrossing(policy, tenant, hints);
  if (crossing !== undefined) throw new Error(`forbidden: the session opens ${JSON.stringify(crossing)}`);
  if (judged.size < 10_000) judged.add(key);
  return 'granted';
}
