import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { parseTenantId } from '../../../functions/core/tenant-id.ts';
import { createVendApp } from '../../../functions/vend/app.ts';
import { readVendEnvironment } from '../../../functions/vend/environment.ts';
import { wireVending } from '../../../functions/vend/wiring.ts';
import { vendVariables } from '../../../local/function-variables.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
import { ACT, startTestLatchkey, type TestLatchkey } from '../../latchkey.ts';

/** Instances of the vend function over one DynamoDB: as Lambda runs them, each knows of the others by the table alone. */
describe('the limits of a deployment of several instances', () => {
  let latchkey: TestLatchkey;
  let now: number;
  let audited: AuditEvent[];
  const sts = vi.spyOn(STSClient.prototype, 'send');

  beforeAll(async () => {
    latchkey = await startTestLatchkey();
    now = Date.now();
    await define('limited', { vendsPerSecond: 3 });
    await define('crowded', { vendsPerSecondPerSubject: 2 });
    await define('flooder', {});
    await define('other', {});
  });
  afterAll(() => latchkey.close());
  beforeEach(() => {
    // A second of its own for each test, and for none of them the next one.
    now += 5000;
    audited = [];
    sts.mockClear();
  });

  const define = (tenantId: string, limits: object) =>
    latchkey.functions.administration.putTenant(
      ACT,
      parseTenantId(tenantId),
      {
        displayName: tenantId,
        claims: [{ issuer: latchkey.issuer.url, value: tenantId }],
        profiles: ['app'],
        defaultProfile: 'app',
        limits,
      },
      'any',
    );

  function instance(variables: Readonly<Record<string, string>> = {}) {
    const vending = wireVending({
      profileDefinitions,
      environment: readVendEnvironment({
        ...vendVariables(latchkey.aws),
        // This machine may have much to do besides.
        LATCHKEY_DEADLINE_MILLISECONDS: '10000',
        ...variables,
      }),
      auditLog: { record: (event) => void audited.push(event) },
      clock: () => new Date(now),
    });
    const app = createVendApp(vending);
    return async (token: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await app.request('/credentials', { method: 'POST', headers }, {});
      const { code = 'granted' } = (await response.json()) as { code?: string };
      return { status: response.status, code, retryAfter: response.headers.get('retry-after') };
    };
  }

  type Instance = ReturnType<typeof instance>;

  const tokenOf = (tenant: string, sub = 'app-1') => latchkey.issuer.sign({ claims: { tenant, sub } });

  /** What becomes of so many vends, by turns. */
  async function vends(fleet: readonly Instance[], token: string, count: number) {
    const answers: Awaited<ReturnType<Instance>>[] = [];
    for (let made = 0; made < count; made += 1)
      answers.push(await (fleet[made % fleet.length] as Instance)(token));
    return answers;
  }
  const codesOf = (answers: Awaited<ReturnType<typeof vends>>) => answers.map(({ code }) => code);
  const granted = (answers: Awaited<ReturnType<typeof vends>>) =>
    answers.filter(({ code }) => code === 'granted').length;

  it('hold a tenant to its vends per second, and never ask STS for one too many', async () => {
    const fleet = [instance(), instance()];
    const token = await tokenOf('limited');
    const answers = await vends(fleet, token, 8);
    expect(codesOf(answers)).toEqual([...Array(3).fill('granted'), ...Array(5).fill('tenant_throttled')]);
    expect(answers[3]).toEqual({ status: 429, code: 'tenant_throttled', retryAfter: '1' });
    expect(sts).toHaveBeenCalledTimes(3);
    expect(audited.map(({ code, tenantId }) => [code, tenantId])).toEqual(
      codesOf(answers).map((code) => [code, 'limited']),
    );
    now += Number(answers[3]?.retryAfter) * 1000;
    expect(granted(await vends(fleet, token, 3))).toBe(3);
  });

  it('hold a subject to its own, and leave the others of its tenant alone', async () => {
    const fleet = [instance(), instance()];
    const answers = await vends(fleet, await tokenOf('crowded'), 6);
    expect(codesOf(answers)).toEqual([...Array(2).fill('granted'), ...Array(4).fill('subject_throttled')]);
    expect(answers[2]).toEqual({ status: 429, code: 'subject_throttled', retryAfter: '1' });
    expect(granted(await vends(fleet, await tokenOf('crowded', 'app-2'), 2))).toBe(2);
    expect(sts).toHaveBeenCalledTimes(4);
  });

  it('keep a tenant from slowing another, whatever it asks for', async () => {
    const fleet = [0, 1].map(() => instance({ LATCHKEY_VENDS_PER_SECOND: '8' }));
    const [flooder, other] = [await tokenOf('flooder'), await tokenOf('other')];
    let ofOther = 0;
    for (let second = 0; second < 4; second += 1) {
      const flood = await vends(fleet, flooder, 16);
      const asked = await vends(fleet, other, 2);
      ofOther += granted(asked);
      // As it begins, each instance lets one go ahead without asking.
      expect(granted(flood)).toBeLessThanOrEqual(second === 0 ? 10 : 8);
      expect(granted(flood)).toBeGreaterThanOrEqual(2);
      expect(flood.at(-1)).toEqual({
        status: 429,
        code: 'deployment_throttled',
        retryAfter: expect.stringMatching(/^\d+$/),
      });
      expect(sts).toHaveBeenCalledTimes(granted(flood) + granted(asked));
      sts.mockClear();
      now += 1000;
    }
    // Of eight: so few vends in a second are shared by chance as well. Who comes first would have left none.
    expect(ofOther).toBeGreaterThanOrEqual(5);
  });

  it('go on vending without the table, each by itself, and say so where they refuse', async () => {
    const vend = instance({ LATCHKEY_USAGE_TABLE: 'gone' });
    const answers = await vends([vend], await tokenOf('limited'), 3);
    expect(codesOf(answers)).toEqual(['granted', 'tenant_throttled', 'tenant_throttled']);
    // The table is asked again after five seconds.
    expect(answers[1]).toMatchObject({ status: 429, retryAfter: '5' });
    expect(audited[1]?.cause).toMatch(/^counted by this instance alone/);
  });
});
