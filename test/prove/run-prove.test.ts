import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { RESOURCES, TENANT_ROLE_ARN } from '../../local/account.ts';
import { ROLES } from '../../local/roles.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { ownership } from '../../profiles/ownership.ts';
import type { Proof } from '../../prove/proof.ts';
import { runProve } from '../../prove/run-prove.ts';

const role = ROLES.find(({ arn }) => arn === TENANT_ROLE_ARN);
const OPTIONS = {
  definitions: profileDefinitions,
  role: { identityPolicies: role?.policies ?? {}, boundary: role?.boundary },
  ownership,
  resources: RESOURCES,
};
const proofsOf = (stdout: string): readonly Proof[] => JSON.parse(stdout);

describe('the shipped profiles', () => {
  it('are proved: each row reaches the tenant’s own alone', () => {
    const { code, stdout } = runProve(['--json'], OPTIONS);
    const proofs = proofsOf(stdout);
    expect([code, proofs.length]).toEqual([0, profileDefinitions.length]);
    expect(new Set(proofs.flatMap(({ rows }) => rows.map(({ verdict }) => verdict)))).toEqual(
      new Set(['own']),
    );
  });

  it('are proved whatever the role allows: the session policy is enough by itself', () => {
    const open = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    expect(runProve([], { ...OPTIONS, role: { identityPolicies: { open } } }).code).toBe(0);
  });

  it('take far fewer steps than they may', () => {
    const steps = proofsOf(runProve(['--json'], OPTIONS).stdout).map((proof) => proof.steps);
    expect(Math.max(...steps)).toBeLessThan(100_000);
    expect(Math.min(...steps)).toBeGreaterThan(100);
  });
});

describe('a profile that is not proved', () => {
  const undeclared = { ...OPTIONS, ownership: { owned: ownership.owned.slice(0, 1), shared: [] } };

  it('ends the program with 1, and says what was found', () => {
    const { code, stdout } = runProve(['read-only'], undeclared);
    expect(code).toBe(1);
    expect(stdout).toContain('read-only: NOT PROVED');
    expect(stdout).toMatch(/undeclared {2}ListOwnObjects {2}s3:ListBucket/);
    expect(stdout).toContain('allowed by');
    expect(stdout).toContain('cure: declare it under shared');
  });
});

test.each([
  [['--fast'], '--fast'],
  [['nobody'], 'profile: got nobody, expected one of app, read-only'],
])('%j is wrong usage', (args, message) => {
  const { code, stdout, stderr } = runProve(args, OPTIONS);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
  expect(stderr).toContain('usage: npm run prove');
});

test('the program proves the shipped profiles', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['prove/main.ts']);
  expect(stdout).toContain('app: proved');
  expect(stdout).toContain('read-only: proved');
});
