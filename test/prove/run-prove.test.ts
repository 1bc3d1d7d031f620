import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { RESOURCES, TENANT_ROLE_ARN } from '../../local/account.ts';
import { ROLES } from '../../local/roles.ts';
import { SAMPLE_PROFILES } from '../../local/sample-profiles.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { ownership } from '../../profiles/ownership.ts';
import { readOnly } from '../../profiles/read-only.ts';
import type { Proof } from '../../prove/proof.ts';
import { runProve } from '../../prove/run-prove.ts';

const role = ROLES.find(({ arn }) => arn === TENANT_ROLE_ARN);
const tenantRole = { identityPolicies: role?.policies ?? {}, boundary: role?.boundary };
const OPTIONS = {
  definitions: profileDefinitions,
  tenantRole,
  federatedRole: tenantRole,
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
    expect(runProve([], { ...OPTIONS, tenantRole: { identityPolicies: { open } } }).code).toBe(0);
  });

  it('take far fewer steps than they may', () => {
    const steps = proofsOf(runProve(['--json'], OPTIONS).stdout).map((proof) => proof.steps);
    expect(Math.max(...steps)).toBeLessThan(100_000);
    expect(Math.min(...steps)).toBeGreaterThan(100);
  });
});

test('the samples of every method are proved, each by what bounds its sessions', () => {
  const proofs = proofsOf(runProve(['--json'], { ...OPTIONS, definitions: SAMPLE_PROFILES }).stdout);
  expect(proofs.map(({ profile, passed }) => [profile, passed])).toEqual([
    ['app-long', true],
    ['app-token', true],
    ['app-token, by its role alone', true],
    ['app-saml', true],
    ['app-saml, by its role alone', true],
    ['app-federated', true],
    ['app-session, by its user alone', true],
    ['app-mfa', true],
  ]);
});

describe('a profile that takes assertions', () => {
  const saml = { ...readOnly, method: 'saml', roleArn: '{{resources.federatedRoleArn}}' };
  const withSaml = { ...OPTIONS, definitions: [saml] };

  it('is proved twice, by its session and by its role alone', () => {
    const { code, stdout } = runProve([], withSaml);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^read-only: proved/m);
    expect(stdout).toMatch(/^read-only, by its role alone: proved/m);
  });

  it('is not proved over a role that leans on the session policy', () => {
    const open = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const leaning = { ...withSaml, federatedRole: { identityPolicies: { open } } };
    const { code, stdout } = runProve([], leaning);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^read-only: proved/m);
    expect(stdout).toMatch(/^read-only, by its role alone: NOT PROVED/m);
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
