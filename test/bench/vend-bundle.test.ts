import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleVendFunction } from '../../bench/vend-bundle.ts';

let outdir: string;
let bundle: string;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'latchkey-bundle-'));
  bundle = bundleVendFunction(outdir);
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** What it answers is in test/functions/vend/handler.test.ts. */
describe('the bundle that is deployed', () => {
  // 28 kB of it are the client of KMS, with errors and schemas of all its operations, which no alias parts from the two that
  // are used; 35 kB the OpenAPI document.
  test('is 530 kB at most', () => {
    expect(statSync(bundle).size).toBeLessThanOrEqual(530_000);
  });

  test('holds the stand-ins, and nothing that they stand in for', () => {
    const { sources }: { sources: string[] } = JSON.parse(readFileSync(`${bundle}.map`, 'utf8'));
    expect(
      sources.filter((path) =>
        /credential-provider|signature-v4-(?:multi-region|a)\/|endpoint-cache\/|submodules\/event-streams/.test(
          path,
        ),
      ),
    ).toEqual([]);
    const standIns = sources.flatMap((path) => /infra\/bundle\/(.*)\.ts$/.exec(path)?.[1] ?? []);
    expect(standIns.sort()).toEqual([
      'light-fetch',
      'no-default-credentials',
      'no-endpoint-cache',
      'no-event-streams',
      'single-region-signer',
    ]);
  });
});
