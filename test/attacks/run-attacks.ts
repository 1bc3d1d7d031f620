import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuditLog } from '../../functions/adapters/log/audit-log.ts';
import { assertBounded, assertOpensOnlyOwn } from './assert-bounded.ts';
import type { Attack } from './attack.ts';
import { CANARY } from './forge-token.ts';
import { startTarget, type Target } from './target.ts';

const PROOF_ALGORITHMS = 'ES256 ES384 EdDSA RS256 PS256';

/** Codes whose challenge names an error (RFC 6750, 3.1; RFC 9449, 7.1). */
const ERRORS: Readonly<Record<string, string>> = {
  token_missing: '',
  token_expired: ', error="invalid_token", error_description="the token has expired"',
  proof_invalid: ', error="invalid_dpop_proof"',
  proof_nonce_required: ', error="use_dpop_nonce"',
};
const INVALID_TOKEN = ', error="invalid_token"';

/** Runs a table of attacks against one Latchkey, and looks each time at everything that an attack must not move. */
export function runAttacks(
  attacks: readonly Attack[],
  { way = 'http', terms = {} }: { way?: 'http' | 'lambda'; terms?: Readonly<Record<string, object>> } = {},
): void {
  describe(`over ${way}`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await startTarget(way, terms);
    });
    afterAll(() => target.close());
    beforeEach(() => target.reset());

    test.for(attacks)('%s %s', async ([, , send, status, outcome]) => {
      const response = await send(target);
      const body = await response.text();
      const opened = target.opened();

      expect([response.status, codeIn(body)]).toEqual([status, status === 200 ? undefined : outcome]);
      assertSilent(target, response, body);
      expect([target.canary.visits(), target.foreignHosts()]).toEqual([0, []]);
      if (status === 200) {
        expect([target.sts.mock.calls.length, opened]).toEqual([1, 1]);
        expect(response.headers.get('cache-control')).toBe('no-store');
        assertBounded(target, outcome ?? 'acme');
        await assertOpensOnlyOwn(target, JSON.parse(body), outcome ?? 'acme');
      } else {
        expect([target.sts.mock.calls.length, opened]).toEqual([0, 0]);
        if (outcome !== undefined) assertRefusal(target, response, body, outcome);
      }
    });
  });
}

function codeIn(body: string): unknown {
  return body.startsWith('{') ? JSON.parse(body).code : undefined;
}

/** Neither the token nor anything that it says is in the answer or in the log. */
function assertSilent({ shown, audited }: Target, { headers }: Response, body: string): void {
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => void lines.push(line);
  const log = createAuditLog({ info: write, warn: write });
  for (const event of audited) log.record(event);
  const said = `${body}\n${JSON.stringify([...headers])}\n${JSON.stringify(lines)}`;
  expect(said).not.toMatch(new RegExp(CANARY, 'i'));
  for (const token of shown)
    for (const part of [token, ...token.split('.')]) if (part.length > 8) expect(said).not.toContain(part);
}

/** Cases 89 to 91, of every refusal in every table. */
function assertRefusal(target: Target, { status, headers }: Response, body: string, code: string): void {
  const { errors: _faults, ...problem } = JSON.parse(body);
  expect(problem).toEqual({
    type: `urn:latchkey:error:${code}`,
    title: code.replaceAll('_', ' '),
    status,
    code,
    Code: code,
    detail: expect.any(String),
    message: expect.any(String),
    Message: expect.any(String),
    vendId: expect.any(String),
  });
  expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
    'application/problem+json',
    'no-store',
  ]);
  expect(challengeOf(headers)).toEqual(expectedChallenge(status, code));
  expect(headers.has('retry-after')).toBe(status === 503 || status === 429);
  // The last: attacks may need a preparation. What never came to be an attempt leaves none.
  if (status !== 404 && status !== 405) expect(target.audited.at(-1)).toMatchObject({ code });
}

/** Without the addresses of metadata, which are not the same for every way in. */
function challengeOf(headers: Headers): string | null {
  return (
    headers.get('www-authenticate')?.replaceAll(/, resource_metadata="https?:\/\/[\w.:/-]+"/g, '') ?? null
  );
}

function expectedChallenge(status: number, code: string): unknown {
  const realm = 'realm="latchkey"';
  if (status === 403)
    return `Bearer ${realm}${code === 'insufficient_scope' ? ', error="insufficient_scope"' : ''}`;
  if (status !== 401) return null;
  const algs = `algs="${PROOF_ALGORITHMS}"`;
  const error = ERRORS[code] ?? INVALID_TOKEN;
  // What is wrong stands with the scheme that was used.
  return expect.toBeOneOf([
    `Bearer ${realm}${error}, DPoP ${realm}, ${algs}`,
    `Bearer ${realm}, DPoP ${realm}, ${algs}${error}`,
  ]);
}
