import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { startTestLatchkey, type TestLatchkey } from '../latchkey.ts';
import { findRuntimes } from './javascript-runtimes.ts';
import { type PackedClient, packClient } from './pack-client.ts';

const run = promisify(execFile);

const { found, missing } = findRuntimes();
if (missing.length > 0)
  console.log(`the package was not tried in ${missing.join(', ')}: not on this machine`);

let latchkey: TestLatchkey;
let client: PackedClient;
beforeAll(async () => {
  [latchkey, client] = await Promise.all([startTestLatchkey(), packClient()]);
  await copyFile('test/client/package-app.mjs', join(client.app, 'app.mjs'));
  await writeFile(join(client.app, 'token'), `Bearer ${await latchkey.issuer.sign()}\n`);
});
afterAll(async () => {
  await latchkey.close();
  await client.remove();
});

/** A bundle for browsers of this code of an app. */
function bundle(contents: string) {
  return build({
    stdin: { contents, resolveDir: client.app },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
}

describe('the package', () => {
  it('has what its sources have, built, and nothing else', async () => {
    const others = client.files.filter((file) => !/^dist\/[a-z-]+\.(?:js|d\.ts)$/.test(file));
    expect(others).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(client.files).toEqual(
      expect.arrayContaining(['dist/index.d.ts', 'dist/index.js', 'dist/session.js']),
    );
  });

  it('imports nothing at run time but itself', async () => {
    const scripts = client.files.filter((file) => file.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(20);
    for (const file of scripts) {
      const specifiers = (await client.read(file)).matchAll(
        /\b(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g,
      );
      for (const [, specifier] of specifiers)
        expect([file, specifier]).toEqual([file, expect.stringMatching(/^\.\/[a-z-]+\.js$/)]);
    }
  });

  it('is bundled for browsers without a setting and without a warning', async () => {
    const { warnings, metafile } = await bundle(`export * from '@latchkey/client'`);
    expect(warnings).toEqual([]);
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  });

  it('costs an app what it uses', async () => {
    const bytes = async (contents: string) => (await bundle(contents)).outputFiles[0]?.contents.length;
    expect(
      await bytes(`import { LatchkeyError } from '@latchkey/client'; console.log(LatchkeyError)`),
    ).toBeLessThan(2000);
    expect(await bytes(`import '@latchkey/client'`)).toBe(0);
  });

  test.each([
    ['Node.js', ['--lib', 'es2022', '--types', 'node']],
    ['browsers', ['--lib', 'es2022,dom', '--types', '']],
  ])('has types for programs for %s', async (where, libraries) => {
    const program = `import { fromLatchkey, LatchkeySession } from '@latchkey/client';
      const options = { endpoint: 'https://latchkey.example', token: 'a.b.c' };
      export const { vendId }: { readonly vendId: string } = await fromLatchkey(options)();
      // @ts-expect-error: not a number
      export const expired: number = new LatchkeySession(options).isExpired();`;
    const file = join(client.app, `for ${where}.mts`);
    await writeFile(file, program);
    const args = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', ...libraries, file];
    const { stdout } = await run(resolve('node_modules/.bin/tsc'), args, { cwd: client.app }).catch(
      (error: { readonly stdout: string }) => error,
    );
    // The AWS SDK's own types name Node's modules, in browsers as well.
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('@smithy/types'))).toEqual([]);
  });
});

describe('the package in', () => {
  test.each(found)('$name', async ({ name, command: [program, ...args] }) => {
    const { api, s3, bucket } = latchkey.facts;
    const env = {
      PATH: process.env['PATH'],
      HOME: client.app,
      NO_COLOR: '1',
      ENDPOINT: api,
      TOKEN_FILE: join(client.app, 'token'),
      S3: s3,
      BUCKET: bucket,
      DIRECTORY: join(client.app, `cache of ${name}`),
    };
    const { stdout } = await run(program, [...args, 'app.mjs'], { cwd: client.app, env });
    expect(JSON.parse(stdout)).toEqual({
      own: 'Welcome, Acme Ltd.',
      foreign: 'AccessDenied',
      shared: true,
      directoryMode: '700',
      tenantId: 'acme',
      badToken: 'token_malformed',
      noFile: 'token_unreadable',
      mfaProgram: 'mfa_unreadable',
    });
  });
});
