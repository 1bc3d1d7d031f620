import { AUDIENCE } from '../test-issuer.ts';
import { type Attack, EXPIRED, INVALID, MALFORMED, UNKNOWN_ISSUER } from './attack.ts';
import { CANARY, type Forgery, now, signerOf } from './forge-token.ts';
import type { Target } from './target.ts';

/** Each of them signed by the right key, so that nothing but the claims can be the reason. */
const forged = (forgery: Forgery, issuer?: string) => (t: Target) => t.present(t.token(forgery, issuer));
const claimed = (members: Record<string, unknown>, issuer?: string) => forged({ claims: members }, issuer);
/** What is said once the test runs. */
const claimsOf = (members: (t: Target) => Record<string, unknown>) => (t: Target) => claimed(members(t))(t);
const iss = (change: (url: string) => unknown) => claimsOf((t) => ({ iss: change(t.issuer.url) }));
const replaced = (from: RegExp, to: string) => forged({ payloadText: (json) => json.replace(from, to) });

/** Issuers of other terms than the default. */
export const CLAIMS_TERMS = {
  punctual: { clockSkewSeconds: 0 },
  aged: { maximumTokenAgeSeconds: 60 },
  brief: { maximumTokenLifetimeSeconds: 60 },
};

/** After the other issuer's keys are known, under the name that they have at this one as well. */
async function sameKid(t: Target): Promise<Response> {
  await t.prepare(t.present(t.token({}, 'own')));
  return t.present(t.token({ signer: signerOf('RS256', t.keyOf('own')) }));
}

/** Cases 42 to 61: what a token says of where it is from, whom it is for and when. */
export const claims: readonly Attack[] = [
  [42, 'no iss', iss(() => undefined), ...UNKNOWN_ISSUER],
  [42, 'an empty iss', iss(() => ''), ...UNKNOWN_ISSUER],
  [43, 'a trailing slash on iss', iss((url) => `${url}/`), ...UNKNOWN_ISSUER],
  [44, 'iss in capitals', iss((url) => url.toUpperCase()), ...UNKNOWN_ISSUER],
  [45, 'iss an array', iss((url) => [url]), ...UNKNOWN_ISSUER],
  [45, 'iss an object', iss((url) => ({ url })), ...UNKNOWN_ISSUER],
  [45, 'iss with half a character', iss((url) => `${url}\ud800`), ...MALFORMED],
  [45, 'iss of 513 characters', iss((url) => url.padEnd(513, 'x')), ...UNKNOWN_ISSUER],
  [
    46,
    "another issuer's key",
    (t) => t.present(t.token({ signer: signerOf('RS256', t.keyOf('own')) })),
    ...INVALID,
  ],
  [
    46,
    "an attacker's key",
    (t) => t.present(t.token({ signer: signerOf('RS256', t.attacker.privateKey) })),
    ...INVALID,
  ],
  [47, 'a kid that two issuers have', sameKid, ...INVALID],
  [48, 'an unknown iss', claimsOf((t) => ({ iss: t.canary.url })), ...UNKNOWN_ISSUER],
  [
    48,
    'an unknown iss, and its key',
    (t) =>
      t.present(t.token({ claims: { iss: t.canary.url }, signer: signerOf('RS256', t.attacker.privateKey) })),
    ...UNKNOWN_ISSUER,
  ],
  [49, 'iss a metadata address', iss(() => 'http://169.254.169.254/latest/canary'), ...UNKNOWN_ISSUER],
  [49, 'iss on localhost', iss((url) => url.replace('127.0.0.1', 'localhost')), ...UNKNOWN_ISSUER],
  [49, 'iss a file', iss(() => 'file:///etc/canary'), ...UNKNOWN_ISSUER],
  [50, 'no aud', claimed({ aud: undefined }), ...INVALID],
  [50, 'an empty aud', claimed({ aud: '' }), ...INVALID],
  [50, 'aud an empty array', claimed({ aud: [] }), ...INVALID],
  [50, 'aud null', claimed({ aud: null }), ...INVALID],
  [51, 'aud an array that holds ours', claimed({ aud: [`https://${CANARY}.example`, AUDIENCE] }), 200],
  [52, 'aud nested', claimed({ aud: [[AUDIENCE]] }), ...INVALID],
  [52, 'aud an object', claimed({ aud: { [AUDIENCE]: AUDIENCE } }), ...INVALID],
  [53, "a sibling's aud", claimed({ aud: `https://${CANARY}.latchkey.example` }), ...INVALID],
  [53, 'an aud that begins like ours', claimed({ aud: `${AUDIENCE}/${CANARY}` }), ...INVALID],
  [53, 'an aud that ours begins like', claimed({ aud: AUDIENCE.slice(0, -1) }), ...INVALID],
  [53, 'aud in capitals', claimed({ aud: AUDIENCE.toUpperCase() }), ...INVALID],
  [54, 'no exp', claimed({ exp: undefined }), ...INVALID],
  [54, 'no iat', claimed({ iat: undefined }), ...INVALID],
  [55, 'exp a string', claimed({ exp: String(now(300)) }), ...INVALID],
  [55, 'exp null', claimed({ exp: null }), ...INVALID],
  [55, 'exp a part of a second', claimed({ exp: now(300) + 0.5 }), ...INVALID],
  [56, 'exp 1e400', replaced(/"exp":\d+/, '"exp":1e400'), ...INVALID],
  [56, 'exp in milliseconds', claimed({ exp: now(300) * 1000 }), ...INVALID],
  [56, 'exp in milliseconds, and iat', claimed({ exp: now(300) * 1000, iat: now() * 1000 }), ...INVALID],
  [56, 'exp ten years ahead', claimed({ exp: now(315_360_000) }), ...INVALID],
  [56, 'exp further than the issuer may', claimed({ exp: now(90) }, 'brief'), ...INVALID],
  [56, 'exp below zero', claimed({ exp: -1 }), ...EXPIRED],
  [57, 'exp equal to now', (t) => claimed({ exp: now(), iat: now(-60) }, 'punctual')(t), ...EXPIRED],
  [57, 'exp equal to now and the skew', (t) => claimed({ exp: now(-30), iat: now(-60) })(t), ...EXPIRED],
  [58, 'exp inside the skew', (t) => claimed({ exp: now(-15), iat: now(-60) })(t), 200],
  [58, 'exp outside the skew', (t) => claimed({ exp: now(-31), iat: now(-60) })(t), ...EXPIRED],
  [58, 'nbf and iat inside the skew', (t) => claimed({ nbf: now(25), iat: now(25) })(t), 200],
  [59, 'nbf in the future', (t) => claimed({ nbf: now(60) })(t), ...INVALID],
  [59, 'nbf a string', claimed({ nbf: '0' }), ...INVALID],
  [60, 'iat in the future', (t) => claimed({ iat: now(60) })(t), ...INVALID],
  [60, 'iat after exp', (t) => claimed({ iat: now(20), exp: now(10) })(t), ...INVALID],
  [61, 'iat too old', (t) => claimed({ iat: now(-120), exp: now(300) }, 'aged')(t), ...EXPIRED],
  [61, 'iat not yet too old', (t) => claimed({ iat: now(-50), exp: now(300) }, 'aged')(t), 200, 'umbra'],
];
