import { app } from './app.ts';
import { readOnly } from './read-only.ts';

/** Every profile that can be vended, as written. A new one is a file of its own and a line here. */
export const profileDefinitions = [app, readOnly];

/** Changed profiles that run beside those of their names and vend nothing: the audit says how their grants would differ. */
export const shadowProfileDefinitions = [];
