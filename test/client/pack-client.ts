import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The package as it would be published, installed for an app. */
export interface PackedClient {
  /** The app's folder: resolves `@latchkey/client`, and the AWS SDK from this repository. */
  readonly app: string;
  /** The package's folder in it. */
  readonly folder: string;
  /** Every file in it, sorted. */
  readonly files: readonly string[];
  /** The text of one of them. */
  read(file: string): Promise<string>;
  remove(): Promise<void>;
}

const run = promisify(execFile);

/** Builds and packs a copy of `client/` with its own scripts, without network, and unpacks it as npm would. */
export async function packClient(): Promise<PackedClient> {
  const root = await mkdtemp(join(tmpdir(), 'latchkey-package-'));
  const source = join(root, 'client');
  const app = join(root, 'app');
  const folder = join(app, 'node_modules', '@latchkey', 'client');
  await Promise.all([mkdir(source), mkdir(folder, { recursive: true })]);
  for (const name of ['package.json', 'tsconfig.json', 'LICENSE', 'README.md', 'src'])
    await cp(join('client', name), join(source, name), { recursive: true });
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
  await run('npm', ['pack', '--offline', '--pack-destination', root], { cwd: source });
  const tarball = (await readdir(root)).find((name) => name.endsWith('.tgz')) ?? '';
  await run('tar', ['-xzf', join(root, tarball), '-C', folder, '--strip-components=1']);
  for (const scope of ['@smithy', '@aws-sdk'])
    await symlink(resolve('node_modules', scope), join(app, 'node_modules', scope));
  // Deno wants to be told.
  const dependencies = { '@latchkey/client': '*', '@aws-sdk/client-s3': '*' };
  await writeFile(join(app, 'package.json'), JSON.stringify({ dependencies }));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return {
    app,
    folder,
    files: files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort(),
    read: (file) => readFile(join(folder, file), 'utf8'),
    remove: () => rm(root, { recursive: true }),
  };
}
