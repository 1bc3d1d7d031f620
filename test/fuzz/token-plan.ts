import {
  changed,
  json,
  type Layout,
  type Member,
  type MemberValue,
  membersOf,
  type ObjectChange,
  write,
} from './json-members.ts';
import { edited, type TextEdit } from './odd-values.ts';
import { AUDIENCE, CANARY, ISSUERS, type IssuerName, KEY_ID, type SignerName } from './tenants.ts';
import type { World } from './world.ts';

/** How a token is made: as its issuer would, but for the changes. */
export interface TokenPlan {
  readonly issuer: IssuerName;
  /** Undefined: the issuer's own. */
  readonly signer: SignerName | undefined;
  readonly header: ObjectChange;
  readonly payload: ObjectChange;
  /** Behind the signature. */
  readonly wire: readonly TextEdit[];
  readonly segments: 'as they are' | 'padded' | 'swapped' | 'four' | 'two' | 'spare bits';
}

/** One object of a token, as its maker knows it. */
interface Written {
  readonly values: readonly { readonly name: string; readonly json: string }[];
  readonly layout: Layout;
}

/** A token, and what its maker knows of it. */
export interface MadeToken {
  readonly text: string;
  readonly signer: SignerName;
  readonly header: Written;
  readonly payload: Written;
  /** As it was signed. */
  readonly signed: string;
  /** Whether it is that still, to the byte. */
  readonly isIntact: boolean;
}

/** As its issuer writes it. */
export const UNCHANGED: ObjectChange = { edits: [], layout: { before: '', between: '', after: '' } };

/** A token that its issuer would make. */
export const rightToken = (issuer: IssuerName): TokenPlan => ({
  issuer,
  signer: undefined,
  header: UNCHANGED,
  payload: UNCHANGED,
  wire: [],
  segments: 'as they are',
});

/** A token that its issuer would make, with these claims beside or instead of its own. */
export const tokenWith = (issuer: IssuerName, claims: Readonly<Record<string, MemberValue>>): TokenPlan => ({
  ...rightToken(issuer),
  payload: {
    ...UNCHANGED,
    edits: Object.entries(claims).map(([name, value]) => ({ does: 'set', name, value })),
  },
});

/** Makes the token at this moment of the world. */
export function makeToken(world: World, plan: TokenPlan): MadeToken {
  const { header, payload, wire } = plan;
  const now = Math.floor(world.now().getTime() / 1000);
  const signerName = plan.signer ?? ISSUERS[plan.issuer].signer;
  const signer = world.signers[signerName];
  const written = write(changed(usualHeader(plan.issuer, signer.alg), header.edits), header.layout, now);
  const claims = write(changed(usualClaims(plan.issuer), payload.edits), payload.layout, now);
  const input = `${encode(written.text)}.${encode(claims.text)}`;
  const signed = `${input}.${signer.sign(input)}`;
  const text = edited(arranged(signed, plan.segments), wire);
  return {
    text,
    signed,
    signer: signerName,
    header: { values: written.values, layout: header.layout },
    payload: { values: claims.values, layout: payload.layout },
    // What HTTP takes from both ends of a header is no part of the token.
    isIntact: text.replace(/[ \t]+$/, '') === signed,
  };
}

function usualHeader(issuer: IssuerName, alg: string): readonly Member[] {
  const typ = issuer === 'hooli' ? 'JWT' : 'at+jwt';
  return membersOf({ alg: json(alg), typ: json(typ), kid: json(KEY_ID) });
}

function usualClaims(issuer: IssuerName): readonly Member[] {
  return membersOf({
    iss: json(ISSUERS[issuer].url),
    aud: json(AUDIENCE),
    sub: json(`svc-${CANARY.replace(/[^a-z~]/g, '')}`),
    tenant: json('acme'),
    iat: { secondsFromNow: 0 },
    exp: { secondsFromNow: 300 },
    scope: json('vend'),
    client_id: json('app-1'),
    env: json('prod'),
    jti: { fresh: true },
  });
}

function arranged(token: string, how: TokenPlan['segments']): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  switch (how) {
    case 'as they are':
      return token;
    case 'padded':
      return `${token}=`;
    case 'swapped':
      return `${payload}.${header}.${signature}`;
    case 'four':
      return `${token}.${signature}`;
    case 'two':
      return `${header}.${payload}`;
    case 'spare bits':
      return [header, payload, withSpareBits(signature)].join('.');
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same bytes in another writing, where the last character has bits that are none of a byte. */
function withSpareBits(segment: string): string {
  if (segment.length % 4 === 0 || segment === '') return segment;
  const last = ALPHABET.indexOf(segment.at(-1) ?? '');
  return segment.slice(0, -1) + ALPHABET.charAt(last ^ 1);
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
