import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { type ErrorCode, statusOf, textOf } from '../../../functions/core/errors.ts';
import type { Check, Shown } from '../check.ts';
import type { Client, Telling } from '../client.ts';
import type { Outcome } from '../errand.ts';
import type { Scenario } from '../scenario.ts';
import type { InteropLatchkey } from '../start-interop.ts';
import { show } from '../step.ts';

/** A failure, and a token that provokes it. */
interface Failure {
  readonly code: ErrorCode;
  readonly token: (latchkey: InteropLatchkey) => Promise<string>;
}

const LONGEST_QUOTED = 300;

const FAILURES: readonly Failure[] = [
  { code: 'token_invalid', token: async ({ issuer }) => tamperWith(await issuer.sign()) },
  {
    code: 'token_expired',
    token: ({ issuer }) => issuer.sign({ claims: { exp: Math.floor(Date.now() / 1000) - 3600 } }),
  },
  { code: 'tenant_inactive', token: ({ issuer }) => issuer.sign({ claims: { tenant: 'sleepy' } }) },
  { code: 'tenant_throttled', token: useUpTheSecond },
  { code: 'keys_unavailable', token: ({ silentIssuer }) => silentIssuer.sign() },
];

/**
 * Fetches that fail, in each way that tenants meet, to be played together: nothing may be vended, and the client must tell what it is known
 * to tell, neither less nor more. Twice for a client that can be brought to tell more.
 */
export function failures({ tells, tellsNamed }: Client): readonly (readonly Scenario[])[] {
  const byDefault = FAILURES.map((failure) => fail(failure, tells, 'errors told'));
  if (tellsNamed === undefined) return [byDefault];
  const named = FAILURES.map((failure) => fail(failure, tellsNamed, 'provider named'));
  return [byDefault, named.map((scenario) => ({ ...scenario, provider: 'named' as const }))];
}

function fail({ code, token }: Failure, tells: Client['tells'], shows: Shown): Scenario {
  return {
    prepare: async (latchkey) => ({
      AWS_CONTAINER_AUTHORIZATION_TOKEN: `Bearer ${await token(latchkey)}`,
    }),
    operations: [{ operation: 'getObject', key: 'acme/welcome.txt' }],
    judge: ({ outcomes: [outcome] }, vends) => [judge(code, tells(statusOf(code)), outcome, vends, shows)],
  };
}

function judge(
  code: ErrorCode,
  expected: Telling,
  outcome: Outcome | undefined,
  vends: readonly AuditEvent[],
  shows: Shown,
): Check {
  const asked = vends.filter((vend) => vend.code === code).length;
  const told = outcome !== undefined && 'error' in outcome ? tellingOf(code, outcome.error) : 'success';
  const unexpected = vends.find((vend) => FAILURES.every((failure) => failure.code !== vend.code))?.code;
  const isRight = told === expected && asked > 0 && unexpected === undefined;
  const fault = `got ${told} after ${asked} requests and ${unexpected ?? 'nothing else'}, expected ${expected}`;
  return {
    shows,
    title: `${statusOf(code)} ${code}`,
    found: told,
    note: `${code} ${asked}`,
    quote: quote(outcome),
    ...(isRight ? {} : { fault }),
  };
}

/** What of the answer a text lets its reader know. */
function tellingOf(code: ErrorCode, text: string): Telling {
  if (text.includes(textOf(code))) return 'message';
  // Not a line number in a stack.
  return new RegExp(`(?<![:\\d])${statusOf(code)}\\b`).test(text) ? 'status' : 'nothing';
}

/** In one line, without the stack. */
function quote(outcome: Outcome | undefined): string {
  const text = outcome !== undefined && 'error' in outcome ? outcome.error : show(outcome);
  const line = text.replaceAll(/^\s+at .*\n?/gm, '').replaceAll(/\s+/g, ' ');
  return line.length > LONGEST_QUOTED ? `…${line.slice(-LONGEST_QUOTED)}` : line;
}

/** With the first character of its signature changed: the last may hold bits that do not count. */
function tamperWith(token: string): string {
  const signature = token.lastIndexOf('.') + 1;
  const other = token[signature] === 'A' ? 'B' : 'A';
  return token.slice(0, signature) + other + token.slice(signature + 1);
}

/** Vends the one that busy may have in this second, which then does not end: a client that asks again finds no other. */
async function useUpTheSecond({ issuer, facts, stopClock, forgetVends }: InteropLatchkey): Promise<string> {
  const token = await issuer.sign({ claims: { tenant: 'busy' } });
  stopClock();
  const headers = { Authorization: `Bearer ${token}` };
  await fetch(`${facts.api}/credentials/container`, { headers });
  forgetVends();
  return token;
}
