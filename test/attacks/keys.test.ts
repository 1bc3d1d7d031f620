import { rotations } from './key-rotation.ts';
import { KEYS_TERMS, keys } from './keys.ts';
import { runAttacks } from './run-attacks.ts';

runAttacks([...rotations, ...keys], { terms: KEYS_TERMS });
