import { runAttacks } from './run-attacks.ts';
import { transport } from './transport.ts';
import { transportInBytes, transportInEvents } from './transport-in-bytes.ts';

runAttacks([...transport, ...transportInBytes]);
runAttacks([...transport, ...transportInEvents], { way: 'lambda' });
