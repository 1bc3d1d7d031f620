import { expectRows } from './expect-rows.ts';
import { shortSuite } from './suite.ts';

expectRows(shortSuite.lookups);
