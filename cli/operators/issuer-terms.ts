import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { SharedIssuerDefinition } from '../../functions/core/issuer.ts';
import { parseCount } from '../options.ts';

const word = { type: 'string', requiresArg: true } as const;
const words = { type: 'string', array: true, nargs: 1 } as const;

const OPTIONS = {
  algorithm: { ...words, describe: 'of signatures; may be repeated; else RS256 and ES256' },
  'token-type': { ...words, describe: 'in `typ`; may be repeated; `none` is a token without; else at+jwt' },
  'maximum-age': { ...word, describe: 'seconds since `iat`; else until `exp`' },
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
    maximumTokenAgeSeconds:
      typed.maximumAge === undefined ? undefined : parseCount('--maximum-age', typed.maximumAge),
    requiredScopes: typed.requiredScope,
    clientIds: typed.clientId,
    subjectPattern: typed.subjectPattern,
    tokenUse: typed.tokenUse,
    senderConstraint: typed.senderConstraint,
    proofNonce: typed.proofNonce,
  };
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}
