import { expect } from 'vitest';
import { type Attack, BAD_REQUEST, INVALID, NO_TOKEN } from './attack.ts';
import { CANARY } from './forge-token.ts';
import type { Presentation, Target } from './target.ts';

const WHOAMI: Presentation = { method: 'GET', path: '/whoami' };
const CONTAINER: Presentation = { method: 'GET', path: '/credentials/container' };
const json = { 'Content-Type': 'application/json' };

const bare = (path: string, method: string) => (t: Target) => t.request(path, { method });
const invalid = (presentation: Presentation) => (t: Target) =>
  t.present(t.token({ claims: { aud: CANARY } }), presentation);
const asked = (body: unknown) => (t: Target) =>
  t.present(t.token(), { headers: json, body: typeof body === 'string' ? body : JSON.stringify(body) });
/** In a place where the token has no business; `%` stands for it. */
const misplaced = (presentation: Presentation) => (t: Target) => {
  const token = t.token();
  const put = (text: string | undefined) => text?.replaceAll('%', token);
  const { path, body, ...rest } = presentation;
  return t.present(token, {
    ...rest,
    path: put(path) ?? '/credentials',
    ...(body && { body: put(body) ?? '' }),
  });
};

/** RFC 9728, 5.1: where to read what is taken here, with each scheme that is offered. */
async function tellsWhere(t: Target): Promise<Response> {
  const answer = await t.request('/credentials', { method: 'POST' });
  const told = answer.headers.get('www-authenticate')?.matchAll(/resource_metadata="([^"]*)"/g) ?? [];
  const metadata = `${t.facts.api}/.well-known/oauth-protected-resource`;
  expect([...told].map(([, url]) => url)).toEqual([metadata, metadata]);
  return answer;
}

/** Every form that credentials have, before the one that is looked at. */
const FORMATS = ['process', 'container', 'env'];

async function everyForm(t: Target): Promise<Response> {
  const presentations: readonly Presentation[] = [
    ...FORMATS.map((format) => ({ headers: json, body: JSON.stringify({ format }) })),
    CONTAINER,
    WHOAMI,
  ];
  for (const presentation of presentations) {
    const { status, headers } = await t.present(t.token(), presentation);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  }
  t.reset();
  return t.present(t.token());
}

/** Cases 89 to 91: what is answered. Every row of every table looks at the same. */
export const answers: readonly Attack[] = [
  [89, 'a challenge without a token: vend', bare('/credentials', 'POST'), ...NO_TOKEN],
  [89, 'a challenge without a token: container', bare('/credentials/container', 'GET'), ...NO_TOKEN],
  [89, 'a challenge without a token: whoami', bare('/whoami', 'GET'), ...NO_TOKEN],
  [89, 'a challenge to a bad token: container', invalid(CONTAINER), ...INVALID],
  [89, 'a challenge to a bad token: whoami', invalid(WHOAMI), ...INVALID],
  [90, 'a profile that is a claim', asked({ profile: `${CANARY}-sub` }), 403, 'profile_not_granted'],
  [
    90,
    'a scope parameter that is a claim',
    asked({ scope: { [`${CANARY}-sub`]: 'x' } }),
    400,
    'scope_invalid',
  ],
  [90, 'a scope value that is a claim', asked({ scope: { folder: `${CANARY}-sub` } }), 400, 'scope_invalid'],
  [90, 'a body that is no JSON', asked(`{"a":${CANARY}`), ...BAD_REQUEST],
  [90, 'a body that says it twice', asked(`{"profile":"${CANARY}","profile":"app"}`), ...BAD_REQUEST],
  [90, 'the token as profile', misplaced({ headers: json, body: '{"profile":"%"}' }), ...BAD_REQUEST],
  [90, 'the token as member', misplaced({ headers: json, body: '{"%":1}' }), ...BAD_REQUEST],
  [90, 'the token as scope', misplaced({ headers: json, body: '{"scope":{"folder":"%"}}' }), ...BAD_REQUEST],
  [
    90,
    'the token in the query',
    misplaced({ ...CONTAINER, path: '/credentials/container?profile=a&%=1' }),
    ...BAD_REQUEST,
  ],
  [90, 'the token in the path', misplaced({ path: '/credentials/%' }), 404, 'not_found'],
  [91, 'no-store, in every form', everyForm, 200],
  [91, 'no-store: another method', bare('/credentials', 'DELETE'), 405, 'method_not_allowed'],
  [91, 'no-store: a duration out of range', asked({ durationSeconds: 899 }), 400, 'duration_out_of_range'],
  [
    91,
    'no-store: a body of 17 KB',
    asked(`{"profile":"app"}${' '.repeat(17_000)}`),
    413,
    'request_too_large',
  ],
];

/** What only a developer's machine knows by its address. */
export const answersOverHttp: readonly Attack[] = [
  [89, 'a challenge that tells where', tellsWhere, ...NO_TOKEN],
];
