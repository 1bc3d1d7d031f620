import { CLAIMS_TERMS, claims } from './claims.ts';
import { IDENTITY_TERMS, identity } from './identity.ts';
import { runAttacks } from './run-attacks.ts';

runAttacks([...claims, ...identity], { terms: { ...CLAIMS_TERMS, ...IDENTITY_TERMS } });
