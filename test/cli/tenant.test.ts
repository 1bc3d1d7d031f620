import { beforeEach, describe, expect, it, test } from 'vitest';
import { createTenantsApp } from '../../functions/tenants/app.ts';
import {
  HOLE,
  sampleAdministration,
  VEND_ROLE,
} from '../functions/core/administration/sample-administration.ts';
import { NOW, RESOURCES } from '../functions/core/sample.ts';
import { type Ran, type RunOptions, runLatchkey, signedDoor } from './run-latchkey.ts';

const ROLE = 'arn:aws:iam::444455556666:role/latchkey';
const PUT = ['tenant', 'put', 'acme', '--display-name', 'Acme', '--profile', 'app'];

let sample: ReturnType<typeof sampleAdministration>;
let door: RunOptions['api'];
beforeEach(() => {
  sample = sampleAdministration();
  door = signedDoor(createTenantsApp(sample.administration));
});

function latchkey(argv: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> {
  return runLatchkey({ argv, api: door, ...options });
}

describe('tenant get', () => {
  it('shows a sheet', async () => {
    await latchkey([...PUT, '--profile', 'other']);
    const { code, stdout } = await latchkey(['tenant', 'get', 'acme']);
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines).toContainEqual(['tenant', 'acme']);
    expect(lines).toContainEqual(['status', 'active']);
    expect(lines).toContainEqual(['profiles', 'app (default)']);
    expect(lines).toContainEqual(['', 'other']);
    expect(lines).toContainEqual(['external id', expect.stringMatching(/^[\w-]{43}$/)]);
    expect(lines).toContainEqual(['verified', 'never']);
  });

  it('keeps what others wrote away from the terminal itself', async () => {
    await latchkey(['tenant', 'put', 'acme', '--display-name', 'Acme\u001b[2J', '--profile', 'app']);
    expect((await latchkey(['tenant', 'get', 'acme'])).stdout).toMatch(/^name +Acme\u{FFFD}\[2J$/mu);
  });

  it('shows a tenant of whom there is an event alone', async () => {
    const facts = { tenantId: 'acme', status: 'active', holds: [], externalId: 'x', version: 1 };
    const { stdout } = await latchkey(['tenant', 'get', 'acme'], { api: () => Response.json(facts) });
    expect(stdout).toMatch(/^status +active$/m);
    expect(stdout).not.toContain('undefined');
  });

  it.each(['.', '..', ''])("does not take '%s' for a tenant", async (tenantId) => {
    const { code, requests } = await latchkey(['tenant', 'get', tenantId]);
    expect([code, requests]).toEqual([2, []]);
  });

  it.each(['a/b', 'a b', '%2e', '0012', 'a?b', 'ü'])(
    "sends '%s' as one segment, signed",
    async (tenantId) => {
      const { code, stderr, requests } = await latchkey(['tenant', 'get', tenantId]);
      expect(requests[0]?.target).toBe(`/tenants/${encodeURIComponent(tenantId)}`);
      expect(code).toBe(3);
      expect(stderr).toMatch(/\((?:tenant_)?not_found\)/);
    },
  );
});

describe('tenant suspend and resume', () => {
  it('answer what the tenant is then', async () => {
    await latchkey(PUT);
    const suspended = await latchkey(['tenant', 'suspend', 'acme', '--if-match', '1']);
    expect(suspended.stdout).toBe('tenant acme is suspended (held by operator), version 2\n');
    expect(suspended.requests[0]).toMatchObject({
      method: 'POST',
      target: '/tenants/acme/suspend',
      body: '',
    });
    expect(suspended.requests[0]?.headers).toMatchObject({ 'if-match': '"1"' });
    const resumed = await latchkey(['tenant', 'resume', 'acme']);
    expect(resumed.stdout).toBe('tenant acme is active, version 3\n');
    expect(resumed.requests[0]).toMatchObject({ method: 'POST', target: '/tenants/acme/resume' });
  });

  it('resume says what still holds an onboarding', async () => {
    const tenant = { tenantId: 'acme', status: 'suspended', version: 2, holds: ['onboarding'] };
    const { stdout } = await latchkey(['tenant', 'resume', 'acme'], { api: () => Response.json(tenant) });
    expect(stdout).toContain('(held by onboarding)');
    expect(stdout).toContain('next: latchkey tenant verify acme\n');
  });
});

describe('tenant offboard', () => {
  beforeEach(async () => {
    await latchkey(PUT);
  });
  const offboard = ['tenant', 'offboard', 'acme'];

  it('with --yes does not ask', async () => {
    const { code, stdout, requests } = await latchkey([...offboard, '--yes', '--if-match', '1']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^tenant acme is offboarded, version \d\n$/)]);
    expect(requests[0]).toMatchObject({ method: 'DELETE', target: '/tenants/acme' });
    expect(requests[0]?.headers).toMatchObject({ 'if-match': '"1"' });
  });

  it('asks a person for the id', async () => {
    const { code, stdout, stderr } = await latchkey(offboard, { terminal: true, stdin: 'acme\n' });
    expect([code, stdout]).toEqual([0, expect.stringContaining('tenant acme is offboarded')]);
    expect(stderr).toContain("Type the tenant's id");
  });

  test.each([
    ['another id', { terminal: true, stdin: 'globex\n' }],
    ['nothing', { terminal: true, stdin: '' }],
    ['the id, but nobody was asked', { terminal: false, stdin: 'acme\n' }],
  ])('sends nothing when it reads %s', async (_what, options) => {
    const { code, requests } = await latchkey(offboard, options);
    expect([code, requests]).toEqual([2, []]);
  });
});

describe('tenant revoke', () => {
  it('says since when, for how long, and what is left to the customer', async () => {
    await latchkey([...PUT, '--profile', 'other', '--role', `other=${ROLE}`]);
    const { code, stdout, requests } = await latchkey(['tenant', 'revoke', 'acme']);
    expect(code).toBe(0);
    expect(requests[0]).toMatchObject({ method: 'POST', target: '/tenants/acme/revoke' });
    expect(stdout).toContain(`issued before ${NOW.toISOString().replace('.000', '')}`);
    expect(stdout).toContain(`- cut off on ${RESOURCES.tenantRoleArn}; it may take up to 600 s`);
    const [, forCustomer = ''] = stdout.split(`- NOT cut off on ${ROLE}`);
    const statement = JSON.parse(forCustomer.slice(forCustomer.indexOf('{')));
    expect(statement).toMatchObject({ Effect: 'Deny', Condition: { StringEquals: expect.anything() } });
  });

  it('that AWS refuses gives the statement to add by hand', async () => {
    await latchkey(PUT);
    sample.world.fault = (call) => (call === 'revoke' ? 'before' : undefined);
    const { code, stderr, requests } = await latchkey(['tenant', 'revoke', 'acme']);
    expect([code, requests.length]).toEqual([4, 1]);
    expect(stderr).toMatch(/"Effect":"Deny".+\(revocation_failed\)/);
  });
});

describe('tenant verify', () => {
  beforeEach(async () => {
    await latchkey(PUT);
  });
  const passed = { ...HOLE, probe: 'canary_vend', outcome: 'passed', detail: 'vended' } as const;

  it('ends with 0 when every probe passed', async () => {
    sample.world.report = () => ({ probes: [passed] });
    const { code, stdout, stderr, requests } = await latchkey(['tenant', 'verify', 'acme']);
    expect([code, stderr]).toEqual([0, '']);
    expect(requests[0]).toMatchObject({ method: 'POST', target: '/tenants/acme/verify' });
    expect(stdout).toBe(`ok         app: canary vend\ntenant acme is verified (${NOW.toISOString()})\n`);
  });

  it.each([true, false])('ends with 1 when one did not, as JSON: %s', async (json) => {
    sample.world.report = () => ({ passed: false, probes: [passed, HOLE] });
    const { code, stdout } = await latchkey(['tenant', 'verify', 'acme', ...(json ? ['--json'] : [])]);
    expect(code).toBe(1);
    if (json) return expect(JSON.parse(stdout)).toMatchObject({ passed: false, probes: [passed, HOLE] });
    expect(stdout).toMatch(/^FAILED {5}app: without external id$/m);
    for (const part of [HOLE.detail, `role: ${HOLE.roleArn}`, `cure: ${HOLE.cure}`])
      expect(stdout).toContain(part);
    expect(stdout).toContain('tenant acme is NOT verified: 1 of 2 probes did not pass');
  });

  it('shows a person that time passes, beside the answer', async () => {
    const { stdout, stderr } = await latchkey(['tenant', 'verify', 'acme', '--json'], { terminal: true });
    expect(stderr).toContain('verifying acme … 0 s');
    expect(JSON.parse(stdout)).toMatchObject({ passed: true });
  });
});

describe('tenant role-template', () => {
  beforeEach(async () => {
    await latchkey([...PUT, '--profile', 'other', '--role', `other=${ROLE}`]);
  });
  const argv = ['tenant', 'role-template', 'acme'];

  it('prints the template, and the link beside it', async () => {
    const { code, stdout, stderr, requests } = await latchkey(argv);
    expect(code).toBe(0);
    expect(requests[0]).toMatchObject({ method: 'GET', target: '/tenants/acme/role-template' });
    expect(JSON.parse(stdout)).toHaveProperty('Resources');
    expect(stderr).toMatch(/^quick-create link, until 2026-.+: https:.+\n$/);
  });

  it('with --json prints the whole answer, and nothing beside it', async () => {
    const { stdout, stderr } = await latchkey([...argv, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ tenantId: 'acme', vendRoleArn: VEND_ROLE });
    expect(stderr).toBe('');
  });
});
