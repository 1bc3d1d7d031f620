import { LatchkeyError } from './error.ts';

/** Node's modules that the client may use, where there are any. */
interface NodeModules {
  readonly 'node:child_process': typeof import('node:child_process');
  readonly 'node:crypto': typeof import('node:crypto');
  readonly 'node:fs/promises': typeof import('node:fs/promises');
  readonly 'node:os': typeof import('node:os');
  readonly 'node:path': typeof import('node:path');
}

/**
 * A module of Node, Bun or Deno, for an option that needs it. Asked for at run time and never imported, so that bundlers for
 * browsers find nothing to resolve. Throws `options_invalid` where there is none: in browsers, and in Node before 20.16.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name, option: string): NodeModules[Name] {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const found = process?.getBuiltinModule?.(name);
  if (found !== undefined) return found as NodeModules[Name];
  throw new LatchkeyError(
    'options_invalid',
    `got ${option}, which needs ${name}, expected Node.js >=20.16, Bun or Deno; elsewhere give the value or an async function`,
  );
}
