import { type Attack, INVALID, MALFORMED, UNKNOWN_TENANT } from './attack.ts';
import { CANARY, type Forgery } from './forge-token.ts';
import type { Target } from './target.ts';

const forged = (forgery: Forgery, issuer?: string) => (t: Target) => t.present(t.token(forgery, issuer));
const claimed = (members: Record<string, unknown>, issuer?: string) => forged({ claims: members }, issuer);
const tenant = (value: unknown) => claimed({ tenant: value });
/** In JSON as it stands here, before the rest. */
const text = (members: string) => forged({ payloadText: (json) => `{${members},${json.slice(1)}` });
const replaced = (from: RegExp, to: string) => forged({ payloadText: (json) => json.replace(from, to) });
const payload = (json: string) => forged({ payloadText: () => json });
const deep = (levels: number) => text(`"deep":${'['.repeat(levels)}${']'.repeat(levels)}`);

/** Issuers of other terms than the default. */
export const IDENTITY_TERMS = {
  once: { tokenUse: 'once' },
  clients: { clientIds: [`${CANARY}-client`] },
  scoped: { requiredScopes: [`${CANARY}-scope`] },
  demanding: { requiredClaims: { email: `${CANARY}@people.example` } },
  patterned: { subjectPattern: `${CANARY}-[a-z]{3}` },
};

async function twice(t: Target): Promise<Response> {
  const token = t.token({ claims: { jti: crypto.randomUUID() } }, 'once');
  await t.prepare(t.present(token));
  return t.present(token);
}

const scope = (value: unknown) => (t: Target) => {
  const body = JSON.stringify({ profile: 'demanding', scope: { folder: 'a/' } });
  const headers = { 'Content-Type': 'application/json' };
  return t.present(t.token({ claims: { scope: value } }), { headers, body });
};

/** Cases 62 to 71: what a token says of who bears it, and in which words. */
export const identity: readonly Attack[] = [
  [62, 'no sub', claimed({ sub: undefined }), ...INVALID],
  [62, 'an empty sub', claimed({ sub: '' }), ...INVALID],
  [62, 'a blank sub', claimed({ sub: ' ' }), ...INVALID],
  [62, 'sub an object', claimed({ sub: { id: CANARY } }), ...INVALID],
  [62, 'sub an array', claimed({ sub: [CANARY] }), ...INVALID],
  [62, 'sub of another form than its issuer’s', claimed({ sub: `${CANARY}-subs` }, 'patterned'), ...INVALID],
  [62, 'sub in two lines', claimed({ sub: `${CANARY}-sub\n` }, 'patterned'), ...INVALID],
  [63, 'no jti where it is demanded', claimed({ jti: undefined }, 'once'), ...INVALID],
  [63, 'an empty jti', claimed({ jti: '' }, 'once'), ...INVALID],
  [63, 'jti an object', claimed({ jti: { id: 1 } }, 'once'), ...INVALID],
  [63, 'jti used before', twice, 401, 'token_replayed'],
  [64, 'no client_id where it is demanded', claimed({ client_id: undefined }, 'clients'), ...INVALID],
  [64, 'another client_id', claimed({ client_id: `${CANARY}-clients` }, 'clients'), ...INVALID],
  [64, 'client_id an array', claimed({ client_id: [`${CANARY}-client`] }, 'clients'), ...INVALID],
  [
    64,
    'azp beside another client_id',
    claimed({ client_id: 'x', azp: `${CANARY}-client` }, 'clients'),
    ...INVALID,
  ],
  [64, 'the client_id that is demanded', claimed({}, 'clients'), 200, 'umbra'],
  [64, 'another value where one is demanded', claimed({ email: 'x' }, 'demanding'), ...INVALID],
  [65, 'iss twice', text('"iss":"https://canary.example"'), ...MALFORMED],
  [65, 'sub twice', text('"sub":"canary-other"'), ...MALFORMED],
  [65, 'the tenant claim twice', text('"tenant":"globex"'), ...MALFORMED],
  [65, 'the tenant claim twice, once with an escape', text('"ten\\u0061nt":"globex"'), ...MALFORMED],
  [65, 'the tenant claim once, with an escape', replaced(/"tenant"/, '"ten\\u0061nt"'), ...MALFORMED],
  [65, 'a member twice further down', text('"cnf":{"a":1,"a":2}'), ...MALFORMED],
  [66, '__proto__', text('"__proto__":{"tenant":"globex"}'), ...MALFORMED],
  [
    66,
    '__proto__ in place of the tenant',
    replaced(/"tenant":"acme"/, '"__proto__":{"tenant":"globex"}'),
    ...MALFORMED,
  ],
  [66, '__proto__ further down', text('"cnf":{"__proto__":{}}'), ...MALFORMED],
  [66, 'constructor', replaced(/"tenant":"acme"/, '"constructor":{"tenant":"acme"}'), ...INVALID],
  [67, 'JSON 5,000 deep', deep(5000), ...MALFORMED],
  [67, 'JSON 2,500 deep, within 8 KiB', deep(2500), ...MALFORMED],
  [67, 'JSON 17 deep', deep(16), ...MALFORMED],
  [67, 'JSON 16 deep', deep(15), 200],
  [68, 'payload an array', payload('[]'), ...MALFORMED],
  [68, 'payload null', payload('null'), ...MALFORMED],
  [68, 'payload a string', payload('"canary"'), ...MALFORMED],
  [68, 'payload no JSON', payload('canary'), ...MALFORMED],
  [68, 'payload with a comment', text('/**/"a":1'), ...MALFORMED],
  [69, 'the tenant claim an array', tenant(['acme']), ...INVALID],
  [69, 'the tenant claim a number', tenant(7), ...INVALID],
  [69, 'the tenant claim true', tenant(true), ...INVALID],
  [69, 'the tenant claim an object', tenant({ toString: 'acme' }), ...INVALID],
  [69, 'no tenant claim', tenant(undefined), ...INVALID],
  [70, 'no scope', scope(undefined), 403, 'insufficient_scope'],
  [70, 'a scope of two', scope('vend'), 403, 'insufficient_scope'],
  [70, 'a scope that begins like it', scope('vending write'), 403, 'insufficient_scope'],
  [70, 'scope an array', scope(['vend', 'write']), ...INVALID],
  [
    70,
    'no scope where every token needs one',
    claimed({ scope: undefined }, 'scoped'),
    403,
    'insufficient_scope',
  ],
  [71, 'a homoglyph', tenant('\u0430cme'), ...UNKNOWN_TENANT],
  [71, 'fullwidth', tenant('\uff41\uff43\uff4d\uff45'), ...UNKNOWN_TENANT],
  [71, 'in capitals', tenant('ACME'), ...UNKNOWN_TENANT],
  [71, 'with a combining mark', tenant('acme\u0301'), ...UNKNOWN_TENANT],
  [71, 'NFD where NFC is bound', tenant('cafe\u0301'), ...UNKNOWN_TENANT],
  [71, 'NFC where NFC is bound', tenant('caf\u00e9'), 200, 'coffee'],
  [71, 'with a zero-width space', tenant('ac\u200bme'), ...UNKNOWN_TENANT],
  [71, 'with a space behind', tenant('acme '), ...UNKNOWN_TENANT],
  [71, 'with a NUL behind', tenant('acme\0'), ...UNKNOWN_TENANT],
];
