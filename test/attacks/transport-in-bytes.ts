import { type Attack, BAD_REQUEST, MALFORMED } from './attack.ts';
import { sendEvent } from './send-event.ts';
import { sendRaw } from './send-raw.ts';
import type { Target } from './target.ts';

/** A request in bytes that no client would send. */
const bytes =
  (lines: (token: string) => readonly string[], method = 'POST') =>
  (t: Target) => {
    const token = t.token();
    t.shown.push(token);
    return sendRaw(t.facts.api, [`${method} /credentials HTTP/1.1`, ...lines(token)]);
  };

/** What only a socket can send. */
export const transportInBytes: readonly Attack[] = [
  [
    3,
    'two headers',
    bytes((token) => [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`]),
    ...BAD_REQUEST,
  ],
  [
    3,
    'two headers, the first of them empty',
    bytes((token) => ['Authorization: Bearer', `Authorization: Bearer ${token}`]),
    ...BAD_REQUEST,
  ],
  [
    3,
    'two headers of two cases',
    bytes((token) => [`authorization: Bearer ${token}`, 'AUTHORIZATION: Bearer x']),
    ...BAD_REQUEST,
  ],
  [11, 'a line feed behind', bytes((token) => [`Authorization: Bearer ${token}\n`]), 400],
  [
    11,
    'a line feed and another header',
    bytes((token) => [`Authorization: Bearer ${token}\nX-Tenant: globex`]),
    400,
  ],
  [
    11,
    'a carriage return inside',
    bytes((token) => [`Authorization: Bearer ${token.replace('.', '\r.')}`]),
    400,
  ],
  [11, 'folded over two lines', bytes((token) => ['Authorization: Bearer', ` ${token}`]), 400],
  [11, 'a NUL behind', bytes((token) => [`Authorization: Bearer ${token}\0`]), 400],
  [
    11,
    'a byte that is not ASCII behind',
    bytes((token) => [`Authorization: Bearer ${token}\xa0`]),
    ...MALFORMED,
  ],
  [13, 'of 20 KB', bytes((token) => [`Authorization: Bearer ${token}${'A'.repeat(20_000)}`]), 431],
];

const event = (values: (token: string) => readonly string[]) => (t: Target) => {
  const token = t.token();
  t.shown.push(token);
  return sendEvent(t, { Authorization: values(token) });
};

/** What only an event can hold. */
export const transportInEvents: readonly Attack[] = [
  [3, 'two values of the header', event((token) => [`Bearer ${token}`, `Bearer ${token}`]), ...BAD_REQUEST],
  [11, 'a byte that is not ASCII behind', event((token) => [`Bearer ${token}\u00a0`]), ...MALFORMED],
  [13, 'of 1 MB', event((token) => [`Bearer ${token}${'A'.repeat(1_000_000)}`]), ...MALFORMED],
];
