import fc from 'fast-check';
import { ask, type Surroundings } from '../ask.ts';
import { ORIGIN } from '../exchange.ts';
import { createFamily, type Family } from '../family.ts';
import { edited, oddText, textEdits } from '../odd-values.ts';
import { makeToken, rightToken } from '../token-plan.ts';

const PATHS = [
  '/credentials',
  '/credentials/',
  '//credentials',
  '/Credentials',
  '/credentials%2f',
  '/credentials;a=b',
  '/credentials/container',
  '/credentials/../whoami',
  '/whoami',
  '/health',
  '/openapi.json',
  '/.well-known/oauth-protected-resource',
  '/__proto__',
  '/%E0%A4%A',
  '/',
];

/** As callers write it; `TOKEN` stands for a good one. */
const AUTHORIZATIONS = [
  'Bearer TOKEN',
  'bearer  TOKEN',
  'Bearer TOKEN, Bearer TOKEN',
  'Bearer TOKEN TOKEN',
  'Bearer\tTOKEN',
  'BearerTOKEN',
  'DPoP TOKEN',
  'Basic TOKEN',
  'Bearer',
  'Bearer "TOKEN"',
  'TOKEN',
  '',
];

const NAMES = [
  'X-Forwarded-Host',
  'X-Tenant-Id',
  'Content-Type',
  'DPoP',
  'Cookie',
  'X-HTTP-Method-Override',
  'Range',
  'Origin',
];
const QUERIES = [
  'profile=app',
  'profile=read-only',
  'access_token=TOKEN',
  'profile',
  'tenantId=globex',
  '__proto__=1',
  'profile[]=app',
  '%00=%ff',
];

/** What HTTP lets stand in a value: a byte a character, none of which controls anything. */
const headerText = oddText.map((text) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?'));

const HOME = [
  { method: 'POST', path: '/credentials' },
  { method: 'GET', path: '/credentials/container' },
  { method: 'GET', path: '/whoami' },
];
const METHODS = ['POST', 'GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'get', 'PROPFIND'];

const input = fc.record({
  route: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...HOME) },
    {
      weight: 1,
      arbitrary: fc.record({
        method: fc.constantFrom(...METHODS),
        path: fc.oneof(fc.constantFrom(...PATHS), fc.webPath()),
      }),
    },
  ),
  pathEdits: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    textEdits(['/', '%2f', '..', '%00', ';', '\\'], 2),
  ),
  query: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    fc.array(fc.oneof(fc.constantFrom(...QUERIES), fc.webQueryParameters()), { maxLength: 3 }),
  ),
  authorization: fc.oneof(
    { weight: 3, arbitrary: fc.constant<readonly string[]>(['Bearer TOKEN']) },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof(fc.constantFrom('Bearer TOKEN', ...AUTHORIZATIONS), headerText), {
        maxLength: 2,
      }) as fc.Arbitrary<readonly string[]>,
    },
  ),
  others: fc.array(fc.tuple(fc.constantFrom(...NAMES), headerText), { maxLength: 3 }),
  asEvent: fc.boolean(),
});

/** Everything of a request but its token and body: method, path, query and headers. */
export function requests(around: Surroundings): Family {
  return createFamily({
    name: 'headers, paths, queries',
    share: 15,
    inputs: input,
    watch: around.watch,
    attempt({ route: { method, path }, pathEdits, query, authorization, others, asEvent }) {
      const token = makeToken(around.world, rightToken('initech')).text;
      const route = edited(path, pathEdits).replaceAll(/[?#\s]/g, '');
      const search = query.length === 0 ? '' : `?${query.join('&').replaceAll('TOKEN', token)}`;
      const sent = {
        method,
        path: `${route.startsWith('/') ? '' : '/'}${route}${search}`,
        headers: [
          ...authorization.map((value) => ['Authorization', value.replaceAll('TOKEN', token)] as const),
          ...others,
        ],
        asEvent,
      };
      const isPlain =
        ['/credentials', '/credentials/container', '/whoami'].includes(route) &&
        [...query, ...others].length === 0 &&
        authorization.join() === 'Bearer TOKEN';
      const mayBeGranted = isAuthorized(authorization) && isRoute(method, sent.path);
      return ask(around, sent, {
        tenantAt: () => (mayBeGranted ? 'initech' : undefined),
        mustBeGranted: isPlain && isAtHome(method, route),
      });
    },
  });
}

/** Exactly one, of one token. */
function isAuthorized(values: readonly string[]): boolean {
  const [value = '', ...more] = values;
  return more.length === 0 && /^bearer +TOKEN$/i.test(value.replaceAll(/^[\t ]+|[\t ]+$/g, ''));
}

function isAtHome(method: string, route: string): boolean {
  return method === (route === '/credentials' ? 'POST' : 'GET');
}

/** The routes by which a tenant is told anything, with the one member that a query may hold. */
function isRoute(method: string, written: string): boolean {
  // What Request normalises on the way in (`..`, the case of a method) is not the app's doing.
  const url = URL.parse(ORIGIN + written);
  if (url === null) return false;
  // hono passes over a parameter without a name.
  const names = [...url.searchParams.keys()].filter((name) => name !== '');
  const isContainer = url.pathname === '/credentials/container';
  const normal = /^(?:get|post|put|delete|head|options)$/i.test(method) ? method.toUpperCase() : method;
  return (
    (isContainer || ['/credentials', '/whoami'].includes(url.pathname)) &&
    isAtHome(normal, url.pathname) &&
    names.every((name) => isContainer && name === 'profile') &&
    names.length <= 1
  );
}
