import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { SharedIssuerDefinition } from '../../functions/core/issuer/issuer.ts';
import { parseMembers, parseSeconds } from '../options.ts';

const word = { type: 'string', requiresArg: true } as const;
const words = { type: 'string', array: true, nargs: 1 } as const;

const OPTIONS = {
  algorithm: { ...words, describe: 'of signatures; may be repeated; else RS256 and ES256' },
  'token-type': { ...words, describe: 'in `typ`; may be repeated; `none` is a token without; else at+jwt' },
  'clock-skew': { ...word, describe: 'seconds by which clocks may differ; else 30' },
  'maximum-lifetime': { ...word, describe: 'seconds from `iat` to `exp`, at most; else 86400' },
  'maximum-age': { ...word, describe: 'seconds since `iat`, at most; else until `exp`' },
  'required-claim': {
    ...words,
    describe: '<name>=<value>: a claim that every token must have; may be repeated',
  },
  'required-scope': { ...words, describe: 'that every token must have; may be repeated' },
  'client-id': { ...words, describe: 'whose tokens are taken; may be repeated; else every client' },
  'subject-pattern': { ...word, describe: 'what all of `sub` must match; else any' },
  'token-use': { ...word, choices: ['many', 'once'], describe: 'how often a token is good; else many' },
  'sender-constraint': {
    ...word,
    choices: ['optional', 'dpop', 'mtls', 'required'],
    describe: 'what tokens must be bound to; else optional',
  },
  'proof-nonce': {
    ...word,
    choices: ['none', 'required'],
    describe: 'whether DPoP proofs need a nonce; else none',
  },
} as const;

/** Their names. */
export const TERM_OPTIONS = Object.keys(OPTIONS);

/** Adds on what terms tokens are taken. */
export function withIssuerTerms<O>(yargs: Argv<O>) {
  return yargs.options(OPTIONS);
}

/** The terms that were typed; what was not has its default. */
export function issuerTerms(
  typed: ArgumentsCamelCase<ReturnType<typeof withIssuerTerms> extends Argv<infer O> ? O : never>,
): Partial<SharedIssuerDefinition> {
  const terms = {
    // The API says what it does not know.
    algorithms: typed.algorithm as SharedIssuerDefinition['algorithms'],
    tokenTypes: typed.tokenType,
    clockSkewSeconds: seconds('--clock-skew', typed.clockSkew, 0),
    maximumTokenLifetimeSeconds: seconds('--maximum-lifetime', typed.maximumLifetime),
    maximumTokenAgeSeconds: seconds('--maximum-age', typed.maximumAge),
    requiredClaims: typed.requiredClaim && parseMembers('--required-claim', typed.requiredClaim),
    requiredScopes: typed.requiredScope,
    clientIds: typed.clientId,
    subjectPattern: typed.subjectPattern,
    tokenUse: typed.tokenUse,
    senderConstraint: typed.senderConstraint,
    proofNonce: typed.proofNonce,
  };
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}

function seconds(option: string, text: string | undefined, least?: 0): number | undefined {
  return text === undefined ? undefined : parseSeconds(option, text, least);
}
