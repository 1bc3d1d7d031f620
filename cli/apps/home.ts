import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { LatchkeyOptions } from '../../client/src/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where this program keeps its files: LATCHKEY_HOME, else the folder `latchkey` of XDG_CONFIG_HOME or ~/.config (XDG Base
 * Directory Specification, which has relative paths ignored), on Windows of APPDATA.
 */
export function homeFolder(env: Environment): string {
  if (env['LATCHKEY_HOME']) return env['LATCHKEY_HOME'];
  const usual = join(env['HOME'] || homedir(), '.config');
  const chosen = process.platform === 'win32' ? env['APPDATA'] : env['XDG_CONFIG_HOME'];
  return join(chosen !== undefined && isAbsolute(chosen) ? chosen : usual, 'latchkey');
}

/** Where it shares credentials with its other processes: in LATCHKEY_HOME, else among the user's caches. */
export function credentialsCache(env: Environment): NonNullable<LatchkeyOptions['cache']> {
  return env['LATCHKEY_HOME'] ? { directory: join(env['LATCHKEY_HOME'], 'cache') } : true;
}
