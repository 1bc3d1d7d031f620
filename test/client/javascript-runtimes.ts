import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something that runs JavaScript. */
export interface JavaScriptRuntime {
  /** `Node 20`. */
  readonly name: string;
  /** The program, and what comes before the script. */
  readonly command: readonly [program: string, ...args: string[]];
}

/** What the client is for. */
const EXPECTED = ['Node 20', 'Node 22', 'Node 24', 'Bun', 'Deno'];

/** Those on this machine: this process's own Node.js, and each one on the PATH; and the names of those that are not. */
export function findRuntimes(): {
  readonly found: readonly JavaScriptRuntime[];
  readonly missing: readonly string[];
} {
  const folders = ['/usr/local/bin', '/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)];
  const at = (name: string) => folders.map((folder) => join(folder, name)).filter((path) => existsSync(path));
  const nodes = [process.execPath, ...at('node')].map((program): JavaScriptRuntime => {
    const version = execFileSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    return { name: `Node ${version.split('.')[0]}`, command: [program] };
  });
  const all: readonly JavaScriptRuntime[] = [
    ...nodes,
    ...at('bun').map((program) => ({ name: 'Bun', command: [program] as const })),
    ...at('deno').map((program) => ({ name: 'Deno', command: [program, 'run', '--allow-all'] as const })),
  ];
  const found = [...new Map(all.map((runtime) => [runtime.name, runtime])).values()];
  return { found, missing: EXPECTED.filter((name) => !found.some((runtime) => runtime.name === name)) };
}
