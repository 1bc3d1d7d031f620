import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Replaces a module of the app by this source, in the process that is started with it. */
function replacing(path: string, source: string): string {
  const hooks = `
    import { registerHooks } from 'node:module';
    registerHooks({
      load: (url, context, next) =>
        url.endsWith(${JSON.stringify(path)})
          ? { format: 'module', shortCircuit: true, source: ${JSON.stringify(source)} }
          : next(url, context),
    });`;
  return `data:text/javascript,${encodeURIComponent(hooks)}`;
}

test.each([
  [
    'a broken profile',
    '/profiles/index.ts',
    'export const profileDefinitions = [{ name: "broken" }]',
    /^latchkey: profile broken: [^\n]+\n$/,
  ],
  [
    'a broken environment',
    '/infra/environments.ts',
    'export const environments = [{ name: "Prod EU" }]',
    /^latchkey: environment Prod EU: name: got "Prod EU", expected [^\n]+\n$/,
  ],
])('%s: one line, and the process fails', (_what, path, source, line) => {
  const app = fileURLToPath(new URL('../../infra/app.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', replacing(path, source), app], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(line);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});
