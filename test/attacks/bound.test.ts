import { answers, answersOverHttp } from './answers.ts';
import { BOUND_TERMS, bound } from './bound.ts';
import { boundInEvents } from './bound-in-events.ts';
import { runAttacks } from './run-attacks.ts';

runAttacks([...bound, ...answers, ...answersOverHttp], { terms: BOUND_TERMS });
runAttacks([...bound, ...boundInEvents, ...answers], { way: 'lambda', terms: BOUND_TERMS });
