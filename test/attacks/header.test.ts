import { HEADER_TERMS, headers } from './header.ts';
import { runAttacks } from './run-attacks.ts';

runAttacks(headers, { terms: HEADER_TERMS });
