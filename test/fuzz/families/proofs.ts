import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { CERTIFICATES } from '../../functions/vend/certificates.ts';
import { ask, type Surroundings } from '../ask.ts';
import { EVENT_ORIGIN, ORIGIN } from '../exchange.ts';
import { createFamily, type Family } from '../family.ts';
import {
  changed,
  json,
  memberEdits,
  membersOf,
  type ObjectChange,
  readMembers,
  write,
} from '../json-members.ts';
import { createEcSigner, type Signer } from '../keys.ts';
import { edited, type TextEdit, textEdits } from '../odd-values.ts';
import { isProof } from '../proof-oracle.ts';
import { type Moments, tenantOf } from '../token-oracle.ts';
import { makeToken, tokenWith } from '../token-plan.ts';

const OWN = createEcSigner('client');
const OTHER = createEcSigner('other client');
const SIGNERS = { own: OWN, other: OTHER };

const header = memberEdits({
  typ: ['JWT', 'DPoP+jwt', 'at+jwt'].map(json),
  alg: ['none', 'HS256', 'ES384', 'EdDSA'].map(json),
  jwk: [OTHER.jwk, { ...OWN.jwk, d: 'AAAA' }, { kty: 'oct', k: 'AA' }, {}].map(json),
  kid: ['a'].map(json),
  crit: [['exp']].map(json),
});
const claims = memberEdits({
  htm: ['GET', 'post', 'PUT'].map(json),
  htu: [
    `${ORIGIN}/whoami`,
    `${ORIGIN}:443/credentials`,
    'https://evil.example/credentials',
    `${ORIGIN}/credentials/`,
  ].map(json),
  ath: ['a'.repeat(43), ''].map(json),
  iat: [-3600, -61, -59, 0, 4, 6, 3600].map((secondsFromNow) => ({ secondsFromNow })),
  exp: [-1, 0, 60].map((secondsFromNow) => ({ secondsFromNow })),
  nbf: [-1, 4, 60].map((secondsFromNow) => ({ secondsFromNow })),
  jti: ['', 'used'].map(json),
  nonce: ['a'].map(json),
});
const UNCHANGED: ObjectChange = { edits: [], layout: { before: '', between: '', after: '' } };
const CONFIRMATIONS = {
  'own key': { jkt: thumbprint(OWN) },
  'other key': { jkt: thumbprint(OTHER) },
  'own certificate': { 'x5t#S256': CERTIFICATES[0].digest },
  both: { jkt: thumbprint(OWN), 'x5t#S256': CERTIFICATES[0].digest },
  nothing: undefined,
} as const;

const some = (change: fc.Arbitrary<ObjectChange>) => mostly(UNCHANGED, change, 2);

/** So many times the first, to once another: one thing that is wrong is what is looked for, beside much that is right. */
function mostly<Value>(usual: Value, others: fc.Arbitrary<Value>, weight: number): fc.Arbitrary<Value> {
  return fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });
}

const input = fc.record({
  /** What the token says that it is bound to. */
  bound: mostly<keyof typeof CONFIRMATIONS>(
    'own key',
    fc.constantFrom('other key', 'own certificate', 'both', 'nothing'),
    2,
  ),
  scheme: mostly('DPoP', fc.constant('Bearer'), 3),
  signer: mostly<keyof typeof SIGNERS>('own', fc.constant('other'), 8),
  header: some(header),
  claims: mostly(UNCHANGED, claims, 1),
  wire: mostly<readonly TextEdit[]>([], textEdits(['.', '=', 'A', '-', ' '], 2), 8),
  proofs: mostly(1, fc.constantFrom(0, 2), 9),
  certificate: mostly<string | undefined>(
    undefined,
    fc.constantFrom(CERTIFICATES[0].pem, CERTIFICATES[1].pem, 'no certificate'),
    3,
  ),
  again: fc.boolean(),
  asEvent: fc.boolean(),
});

/** Tokens that are bound to a key or certificate, shown with anything in place of its proof, once or twice. */
export function proofs(around: Surroundings): Family {
  const used = new Set<string>();
  return createFamily({
    name: 'proofs, certificates',
    share: 10,
    inputs: input,
    watch: around.watch,
    async attempt({ bound, scheme, signer, wire, certificate, again, asEvent, ...plan }) {
      const { world } = around;
      const confirmation = CONFIRMATIONS[bound];
      const token = makeToken(
        world,
        tokenWith('pool', confirmation === undefined ? {} : { cnf: json(confirmation) }),
      );
      const url = `${asEvent ? EVENT_ORIGIN : ORIGIN}/credentials`;
      const usual = usualProof(token.text, url);
      const now = Math.floor(world.now().getTime() / 1000);
      const head = write(changed(usual.header, plan.header.edits), plan.header.layout, now);
      const body = write(changed(usual.claims, plan.claims.edits), plan.claims.layout, now);
      const signed = sign(SIGNERS[signer], head.text, body.text);
      const proof = edited(signed, wire);
      const sent = {
        method: 'POST',
        path: '/credentials',
        headers: [
          ['Authorization', `${scheme} ${token.text}`] as const,
          ...Array.from({ length: plan.proofs }, () => ['DPoP', proof] as const),
        ],
        ...(certificate === undefined ? {} : { certificate }),
        asEvent,
      };
      const fits = (moments: Moments) => {
        const [said, claimed] = [
          readMembers(head.values, plan.header.layout),
          readMembers(body.values, plan.claims.layout),
        ];
        if (plan.proofs !== 1 || proof.trim() !== signed || signer !== 'own' || used.has(proof)) return false;
        return isProof(said, claimed, { url, token: token.text, moments, own: OWN.jwk });
      };
      const mayBeGranted: Readonly<Record<typeof bound, (moments: Moments) => boolean>> = {
        'own key': (moments) => scheme === 'DPoP' && fits(moments),
        'other key': () => false,
        'own certificate': () => scheme === 'Bearer' && certificate === CERTIFICATES[0].pem,
        both: () => false,
        nothing: () => scheme === 'Bearer',
      };
      const isPlain = [plan.header, plan.claims].every((change) => change === UNCHANGED) && wire.length === 0;
      const outcome = await ask(around, sent, {
        tenantAt: (moments) =>
          mayBeGranted[bound](moments) ? tenantOf(token, moments, confirmation) : undefined,
        mustBeGranted:
          isPlain &&
          bound === 'own key' &&
          scheme === 'DPoP' &&
          signer === 'own' &&
          plan.proofs === 1 &&
          certificate === undefined,
      });
      // Whatever it came to the first time, a proof that was taken is not taken again.
      if (outcome !== 'granted' || bound !== 'own key' || !again) return outcome;
      used.clear();
      used.add(proof);
      return ask(around, sent, { tenantAt: () => undefined });
    },
  });
}

/** RFC 7638, 3. */
function thumbprint({ jwk }: Signer): string {
  const { crv, kty, x, y } = jwk ?? {};
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

function usualProof(token: string, url: string) {
  return {
    header: membersOf({ typ: json('dpop+jwt'), alg: json('ES256'), jwk: json(OWN.jwk) }),
    claims: membersOf({
      jti: { fresh: true },
      htm: json('POST'),
      htu: json(url),
      iat: { secondsFromNow: 0 },
      ath: json(createHash('sha256').update(token).digest('base64url')),
    }),
  };
}

function sign(signer: Signer, header: string, payload: string): string {
  const signed = [header, payload].map((text) => Buffer.from(text).toString('base64url')).join('.');
  return `${signed}.${signer.sign(signed)}`;
}
