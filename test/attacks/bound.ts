import { KeyObject } from 'node:crypto';
import { CERTIFICATES } from '../functions/vend/certificates.ts';
import { createDpopClient, type ProofChanges } from '../functions/vend/dpop-client.ts';
import { type Attack, BAD_REQUEST, INVALID } from './attack.ts';
import { encode, hmacOf, now, type Signer, signerOf } from './forge-token.ts';
import type { Target } from './target.ts';

const PROOF = [401, 'proof_invalid'] as const;
/** A token that was not shown to be its bearer's. */
export const BOUND = [401, 'token_bound'] as const;

/** Issuers that demand more of a presentation than the default. */
export const BOUND_TERMS = {
  dpop: { senderConstraint: 'dpop' },
  mtls: { senderConstraint: 'mtls' },
  required: { senderConstraint: 'required' },
  nonce: { proofNonce: 'required' },
};

const [client, thief] = await Promise.all([createDpopClient(), createDpopClient()]);
/** Of what a token is bound to: the client's key, or its certificate. */
export const thumbprint = { cnf: { jkt: client.jkt } };
export const certificate = { cnf: { 'x5t#S256': CERTIFICATES[0].digest } };

/** Where the API is, as its callers write it. */
const apiOf = (t: Target) =>
  t.way === 'http' ? t.facts.api : 'https://abcde12345.execute-api.eu-central-1.amazonaws.com/v1';

const prove = (t: Target, token: string, changes: Partial<ProofChanges> = {}, by = client) =>
  by.prove({ method: 'POST', url: `${apiOf(t)}/credentials`, token, ...changes });

/** A token that is bound to the client's key, and a proof of the client with one thing wrong. */
const proven =
  (changes: (t: Target, token: string) => Partial<ProofChanges>, issuer?: string) => async (t: Target) => {
    const token = t.token({ claims: thumbprint }, issuer);
    return present(t, token, await prove(t, token, changes(t, token)));
  };
const claim = (claims: (t: Target) => Record<string, unknown>, issuer?: string) =>
  proven((t) => ({ claims: claims(t) }), issuer);

function present(t: Target, token: string, DPoP: string, scheme = 'DPoP'): Promise<Response> {
  t.shown.push(DPoP);
  return t.present(token, { scheme, headers: { DPoP } });
}

/** A proof of any header and of any signature. */
const forgedProof = (header: Record<string, unknown>, signer: Signer) => async (t: Target) => {
  const token = t.token({ claims: thumbprint });
  const [, payload] = (await prove(t, token)).split('.');
  const head = encode(JSON.stringify({ typ: 'dpop+jwt', jwk: client.jwk, ...header }));
  const signature = signer(Buffer.from(`${head}.${payload}`)).toString('base64url');
  return present(t, token, `${head}.${payload}.${signature}`);
};
const ownKey = KeyObject.from(client.privateKey);
const symmetric = { kty: 'oct', k: Buffer.from('canary').toString('base64url') };

const bearer = (claims: Record<string, unknown>, issuer?: string) => (t: Target) =>
  t.present(t.token({ claims }, issuer));

async function asBearer(t: Target): Promise<Response> {
  const token = t.token({ claims: thumbprint });
  return present(t, token, await prove(t, token), 'Bearer');
}

async function unbound(t: Target): Promise<Response> {
  const token = t.token();
  return present(t, token, await prove(t, token));
}

async function again(t: Target): Promise<Response> {
  const token = t.token({ claims: thumbprint });
  const proof = await prove(t, token);
  await t.prepare(present(t, token, proof));
  return present(t, token, proof);
}

/** With another token, too: a proof is for one. */
async function jtiAgain(t: Target): Promise<Response> {
  const changes = { claims: { jti: crypto.randomUUID() } };
  const tokens = ['a', 'b'].map((jti) => t.token({ claims: { ...thumbprint, jti } }));
  const [first = '', second = ''] = tokens;
  await t.prepare(present(t, first, await prove(t, first, changes)));
  return present(t, second, await prove(t, second, changes));
}

async function withNonce(t: Target): Promise<Response> {
  const token = t.token({ claims: thumbprint }, 'nonce');
  const refused = await present(t, token, await prove(t, token));
  const nonce = refused.headers.get('dpop-nonce') ?? '';
  t.reset();
  return present(t, token, await prove(t, token, { claims: { nonce } }));
}

async function twoHeaders(t: Target): Promise<Response> {
  const token = t.token({ claims: thumbprint });
  return present(t, token, `${await prove(t, token)}, ${await prove(t, token)}`);
}

async function notOffered(t: Target): Promise<Response> {
  const by = await createDpopClient('RS512');
  const token = t.token({ claims: { cnf: { jkt: by.jkt } } });
  return present(t, token, await prove(t, token, {}, by));
}

async function stolen(t: Target): Promise<Response> {
  const token = t.token({ claims: thumbprint });
  return present(t, token, await prove(t, token, {}, thief));
}

/** Cases 86 to 88: tokens that are no use to who has stolen them. */
export const bound: readonly Attack[] = [
  [86, 'cnf.jkt, sent as Bearer', bearer(thumbprint), ...BOUND],
  [86, 'cnf.jkt, sent as Bearer with a good proof', asBearer, ...BOUND],
  [86, 'cnf.x5t#S256, without a certificate', bearer(certificate), ...BOUND],
  [86, 'cnf of both', bearer({ cnf: { ...thumbprint.cnf, ...certificate.cnf } }), ...INVALID],
  [86, 'cnf of a kind that is not known', bearer({ cnf: { kid: 'key-1' } }), ...INVALID],
  [86, 'an empty cnf', bearer({ cnf: {} }), ...INVALID],
  [86, 'cnf null', bearer({ cnf: null }), ...INVALID],
  [86, 'cnf.jkt a list', bearer({ cnf: { jkt: [client.jkt] } }), ...INVALID],
  [86, 'a bare token as DPoP', unbound, ...INVALID],
  [86, 'a bare token where DPoP is demanded', bearer({}, 'dpop'), 401, 'token_not_bound'],
  [86, 'a bare token where mTLS is demanded', bearer({}, 'mtls'), 401, 'token_not_bound'],
  [86, 'a bare token where either is demanded', bearer({}, 'required'), 401, 'token_not_bound'],
  [86, 'DPoP where mTLS is demanded', proven(() => ({}), 'mtls'), 401, 'token_not_bound'],
  [87, 'a right proof', proven(() => ({})), 200],
  [87, 'a right proof where one is demanded', proven(() => ({}), 'dpop'), 200, 'umbra'],
  [87, 'no proof', (t) => t.present(t.token({ claims: thumbprint }), { scheme: 'DPoP' }), ...PROOF],
  [87, "another's key", stolen, ...PROOF],
  [87, "another's key under the owner's", proven(() => ({ key: thief.privateKey })), ...PROOF],
  [87, 'htm of another method', claim(() => ({ htm: 'GET' })), ...PROOF],
  [87, 'htm in lower case', claim(() => ({ htm: 'post' })), ...PROOF],
  [87, 'htu of another route', claim((t) => ({ htu: `${apiOf(t)}/whoami` })), ...PROOF],
  [87, 'htu of another host', claim(() => ({ htu: 'https://canary.example/credentials' })), ...PROOF],
  [87, 'htu that begins like ours', claim((t) => ({ htu: `${apiOf(t)}/credentials/container` })), ...PROOF],
  [
    87,
    'htu with a user',
    claim((t) => ({ htu: `${apiOf(t).replace('://', '://canary@')}/credentials` })),
    ...PROOF,
  ],
  [87, 'iat of a minute ago', claim(() => ({ iat: now(-62) })), ...PROOF],
  [87, 'iat in the future', claim(() => ({ iat: now(30) })), ...PROOF],
  [87, 'iat a text', claim(() => ({ iat: String(now()) })), ...PROOF],
  [87, 'no iat', claim(() => ({ iat: undefined })), ...PROOF],
  [87, 'no jti', claim(() => ({ jti: undefined })), ...PROOF],
  [87, 'an empty jti', claim(() => ({ jti: '' })), ...PROOF],
  [87, 'jti of a proof that was used', again, ...PROOF],
  [87, 'jti of a proof that was used with another token', jtiAgain, ...PROOF],
  [87, 'ath of another token', claim(() => ({ ath: 'A'.repeat(43) })), ...PROOF],
  [87, 'no ath', claim(() => ({ ath: undefined })), ...PROOF],
  [87, 'no nonce where one is demanded', claim(() => ({}), 'nonce'), 401, 'proof_nonce_required'],
  [87, 'a nonce that is made up', claim(() => ({ nonce: 'canary' }), 'nonce'), 401, 'proof_nonce_required'],
  [87, 'the nonce that was told', withNonce, 200, 'umbra'],
  [87, 'typ of a token', proven(() => ({ header: { typ: 'at+jwt' } })), ...PROOF],
  [88, 'two DPoP headers', twoHeaders, ...BAD_REQUEST],
  [88, 'a symmetric alg', forgedProof({ alg: 'HS256', jwk: symmetric }, hmacOf('canary')), ...PROOF],
  [
    88,
    'a symmetric alg under the public key',
    forgedProof({ alg: 'HS256' }, hmacOf(JSON.stringify(client.jwk))),
    ...PROOF,
  ],
  [88, 'an alg that is not offered', notOffered, ...PROOF],
  [88, 'alg none', forgedProof({ alg: 'none' }, () => Buffer.alloc(1)), ...PROOF],
  [88, 'an alg that is not of the key', forgedProof({ alg: 'ES384' }, signerOf('ES384', ownKey)), ...PROOF],
  [
    88,
    'the private key',
    forgedProof({ alg: 'ES256', jwk: client.privateJwk }, signerOf('ES256', ownKey)),
    ...PROOF,
  ],
  [
    88,
    'an alg and a link to keys',
    forgedProof({ alg: 'ES256', jku: 'https://canary.example' }, signerOf('ES256', ownKey)),
    ...PROOF,
  ],
];
