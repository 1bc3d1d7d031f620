import { beforeEach, describe, expect, it, test } from 'vitest';
import { VendingError } from '../../../functions/core/errors.ts';
import {
  ACTOR,
  callsOf,
  definition,
  ISSUER,
  issuer,
  type OperatorRequest,
  operatorsOf,
  stubAdministration,
} from './stub.ts';

const _ACT = { requestId: 'request-1', actor: ACTOR };

let administration: ReturnType<typeof stubAdministration>;
let operate: ReturnType<typeof operatorsOf>;
beforeEach(() => {
  administration = stubAdministration();
  operate = operatorsOf(administration);
});

type Refused = readonly [what: string, route: string, request: OperatorRequest, status: number, code: string];

const invalid = (what: string, route: string, request: OperatorRequest = {}): Refused => [
  what,
  route,
  request,
  400,
  'request_invalid',
];
const text = (what: string, body: string) => invalid(what, 'PUT /tenants/acme', { body });

const REFUSED: readonly Refused[] = [
  ['nobody', 'GET /tenants', { actor: null }, 403, 'not_authorized'],
  ['an empty name', 'PUT /tenants/acme', { actor: '', body: definition }, 403, 'not_authorized'],
  ['nobody who asks for the document', 'GET /openapi.json', { actor: null }, 403, 'not_authorized'],
  ['nobody at an unknown route', 'GET /nowhere', { actor: null }, 403, 'not_authorized'],
  ['an unknown route', 'GET /nowhere', {}, 404, 'not_found'],
  ['an unknown route of a tenant', 'POST /tenants/acme/offboard', {}, 404, 'not_found'],
  ['an escaped path', 'GET /tenants/ac%6De', {}, 404, 'not_found'],
  ['an escaped route', 'GET /tenant%73/acme', {}, 404, 'not_found'],
  ['a slash at the end', 'GET /tenants/', {}, 404, 'not_found'],
  ['HEAD', 'HEAD /tenants/acme', {}, 405, 'method_not_allowed'],
  ['an id that cannot be one', 'GET /tenants/ACME', {}, 404, 'tenant_not_found'],
  ['an id that cannot be one to suspend', 'POST /tenants/a/suspend', {}, 404, 'tenant_not_found'],
  ['an id that is kept for verifications', 'DELETE /tenants/latchkey-probe', {}, 404, 'tenant_not_found'],
  invalid('a new id that cannot be one', 'PUT /tenants/ACME', { body: definition }),
  invalid('a new id that is kept for verifications', 'PUT /tenants/latchkey-probe', { body: definition }),
  [
    'another media type',
    'PUT /tenants/acme',
    { body: '{}', headers: { 'Content-Type': 'text/plain' } },
    415,
    'media_type_unsupported',
  ],
  [
    'a longer media type',
    'PUT /tenants/acme',
    { body: '{}', headers: { 'Content-Type': 'application/json-patch+json' } },
    415,
    'media_type_unsupported',
  ],
  ['no body', 'PUT /tenants/acme', {}, 415, 'media_type_unsupported'],
  [
    'a large body',
    'PUT /tenants/acme',
    { body: JSON.stringify({ a: 'ä'.repeat(32_768) }) },
    413,
    'request_too_large',
  ],
  text('an empty body', ''),
  text('half a body', '{'),
  text('a byte order mark', '\u{FEFF}{}'),
  invalid('another encoding', 'PUT /tenants/acme', { body: Buffer.from('{"displayName":"ä"}', 'latin1') }),
  text('a list', '[]'),
  text('null', 'null'),
  text('a text', '"acme"'),
  text('a member twice', '{"displayName":"a","displayName":"b"}'),
  text('a member twice, once escaped', '{"displayName":"a","display\\u004eame":"b"}'),
  text('a member twice further in', '{"limits":{"a":{},"b":[],"a":1}}'),
  text('__proto__', '{"__proto__":{"tenantId":"acme"}}'),
  text('great depth', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`),
  invalid('a body to suspend', 'POST /tenants/acme/suspend', { body: {} }),
  invalid('a body to revoke', 'POST /tenants/acme/revoke', { body: {} }),
  invalid('a body to delete', `DELETE ${ISSUER}`, { body: {} }),
  ...[
    'GET /tenants/acme',
    'PUT /tenants/acme',
    'DELETE /tenants/acme',
    'POST /tenants/acme/verify',
    'GET /openapi.json',
    'GET /tenants',
  ].map((route) => invalid('a member of the query', `${route}?force=1`)),
  ...[
    'limit=0',
    `after=${'a'.repeat(513)}`,
    'limit=101',
    'limit=1e2',
    'limit=',
    'limit=05',
    'limit=1&limit=2',
    'after=ACME',
    'after=',
    '__proto__=1',
  ].map((query) => invalid(query, `GET /tenants?${query}`)),
  ...['GET', 'DELETE'].map((method) =>
    invalid('a name that no issuer has room for', `${method} /issuers?url=https://a/${'x'.repeat(3000)}`),
  ),
  invalid('more bytes than characters', `GET /issuers?url=${encodeURIComponent('€'.repeat(171))}`),
  invalid('the same to begin behind', `GET /issuers?after=${encodeURIComponent('€'.repeat(171))}`),
  ...['limit=0', 'url=', 'url=a&url=b', 'url=a&limit=1', 'url=a&after=b'].map((query) =>
    invalid(query, `GET /issuers?${query}`),
  ),
  invalid('an issuer without a name', 'PUT /issuers', { body: issuer }),
  invalid('an issuer without a name to delete', 'DELETE /issuers'),
  invalid('an issuer of another name', 'PUT /issuers?url=https%3A%2F%2Fother.example', { body: issuer }),
  invalid('an issuer without its name in the body', `PUT ${ISSUER}`, { body: { audience: 'a', claim: 'c' } }),
  ...['W/"7"', '"7", "8"', '7', '"07"', '"0"', '"x"', '*', '', '"7'].flatMap((etag) =>
    [
      'PUT /tenants/acme',
      'DELETE /tenants/acme',
      'POST /tenants/acme/suspend',
      'POST /tenants/acme/resume',
      `PUT ${ISSUER}`,
      `DELETE ${ISSUER}`,
    ].map((route) => invalid(`If-Match: ${etag}`, route, { headers: { 'If-Match': etag } })),
  ),
  ...['W/"7"', '"7", "8"', '7', '*', ''].map((etag) =>
    invalid(`If-None-Match: ${etag}`, 'GET /tenants/acme', { headers: { 'If-None-Match': etag } }),
  ),
  invalid('an ETag that must not be', 'PUT /tenants/acme', {
    body: definition,
    headers: { 'If-None-Match': '"7"' },
  }),
  invalid('both conditions', 'PUT /tenants/acme', {
    body: definition,
    headers: { 'If-Match': '"7"', 'If-None-Match': '*' },
  }),
  ...[
    'GET /tenants/acme',
    `GET ${ISSUER}`,
    'GET /tenants',
    'GET /issuers',
    'POST /tenants/acme/revoke',
    'POST /tenants/acme/verify',
    'GET /tenants/acme/role-template',
  ].map((route) => invalid('If-Match where it has no meaning', route, { headers: { 'If-Match': '"7"' } })),
  ...[
    'DELETE /tenants/acme',
    'POST /tenants/acme/suspend',
    `DELETE ${ISSUER}`,
    'GET /tenants',
    'POST /tenants/acme/revoke',
  ].map((route) =>
    invalid('If-None-Match where it has no meaning', route, { headers: { 'If-None-Match': '*' } }),
  ),
];

describe('refused before anything is done', () => {
  test.each(REFUSED)('%s: %s', async (_what, route, request, status, code) => {
    const answer = await operate(route, request);
    expect(answer.status).toBe(status);
    if (!route.startsWith('HEAD'))
      expect([answer.json.code, answer.json.status, answer.json.vendId]).toEqual([code, status, 'request-1']);
    expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      'application/problem+json',
      'no-store',
    ]);
    expect(answer.headers.has('www-authenticate')).toBe(false);
    expect(callsOf(administration)).toEqual([]);
  });

  test.each([
    ['POST /tenants', 'GET'],
    ['PATCH /tenants/acme', 'PUT, GET, DELETE'],
    ['OPTIONS /tenants/acme', 'PUT, GET, DELETE'],
    ['GET /tenants/acme/suspend', 'POST'],
    ['POST /issuers', 'GET, PUT, DELETE'],
    ['PUT /openapi.json', 'GET'],
  ])('%s, which may be %s', async (route, allow) => {
    const { status, headers, json } = await operate(route);
    expect([status, json.code, headers.get('allow')]).toEqual([405, 'method_not_allowed', allow]);
  });
});

describe('a failure of the administration', () => {
  test.each([
    ['tenant_not_found', 404],
    ['tenant_offboarded', 409],
    ['binding_taken', 409],
    ['write_conflict', 409],
    ['precondition_failed', 412],
    ['record_invalid', 500],
    ['registry_unavailable', 503],
  ] as const)('%s is answered %d', async (code, status) => {
    administration.putTenant.mockRejectedValue(new VendingError(code, { retryAfterSeconds: 3 }));
    const answer = await operate('PUT /tenants/acme', { body: definition });
    expect([answer.status, answer.json.code, answer.headers.get('retry-after')]).toEqual([status, code, '3']);
  });

  it('names every member that is wrong, by its JSON pointer', async () => {
    administration.putTenant.mockRejectedValue(
      new VendingError('request_invalid', {
        detail: 'tenant: much',
        faults: [
          { path: ['profiles', 0], message: 'got x, expected y' },
          { path: ['attributes', 'a/b~c'], message: 'got z' },
          { path: [], message: 'got another thing' },
        ],
      }),
    );
    expect((await operate('PUT /tenants/acme', { body: definition })).json).toEqual({
      type: 'urn:latchkey:error:request_invalid',
      title: 'request invalid',
      status: 400,
      detail: 'tenant: much',
      code: 'request_invalid',
      vendId: 'request-1',
      errors: [
        { pointer: '/profiles/0', detail: 'got x, expected y' },
        { pointer: '/attributes/a~1b~0c', detail: 'got z' },
        { pointer: '', detail: 'got another thing' },
      ],
      Code: 'request_invalid',
      message: 'tenant: much',
      Message: 'tenant: much',
    });
  });

  it('points at a member that is there twice', async () => {
    const body = '{"ownProfiles":[{"name":"a"},{"name":"b","policy":{"x":1,"x":2}}]}';
    const { json } = await operate('PUT /tenants/acme', { body });
    expect(json.errors).toEqual([
      { pointer: '/ownProfiles/1/policy/x', detail: 'got the member twice, expected it once' },
    ]);
  });

  it('that is no failure of ours tells nothing', async () => {
    administration.getTenant.mockRejectedValue(new Error('a secret'));
    const { status, json, text } = await operate('GET /tenants/acme');
    expect([status, json.code, text.includes('secret')]).toEqual([500, 'internal_error', false]);
  });
});
