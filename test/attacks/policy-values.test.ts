import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DATA_BUCKET } from '../../local/account.ts';
import { jsonOf } from '../latchkey.ts';
import { assertBounded, openS3, type VendAnswer } from './assert-bounded.ts';
import { putTenant, putTenantAnswer } from './operate.ts';
import { NO_TEXTS, POLICY_VALUES } from './policy-values.ts';
import { type Instance, startTarget, type Target } from './target.ts';

const json = { 'Content-Type': 'application/json' };

/** A profile that inserts a value of the tenant's record, or of the request, into a Resource. */
const placing = (placeholder: string, scope: object = {}) => ({
  profiles: ['placing'],
  defaultProfile: 'placing',
  ownProfiles: [
    {
      name: 'placing',
      description: 'inserts a value',
      roleArn: '{{resources.tenantRoleArn}}',
      scope,
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:PutObject'],
            Resource: `{{resources.tenantBucketArn}}/{{tenant.id}}/{{${placeholder}}}/*`,
          },
        ],
      },
    },
  ],
});

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  const scope = { place: { description: 'any', pattern: '[\\s\\S]*', example: 'a' } };
  await putTenant(target, 'placed', { ...placing('scope.place', scope), ...bound('placed') });
});
afterAll(() => target.close());
beforeEach(() => target.reset());

const bound = (value: string) => ({ claims: [{ issuer: target.issuer.url, value }] });
const tokenFor = (tenant: unknown) => target.token({ claims: { tenant } });
const outcomeOf = async (response: Response) => [response.status, (await jsonOf(response)).code];

/** The one Resource that the value stands in: the value itself, with IAM's escapes, between two slashes. */
function assertLiteral(tenantId: string, value: string): void {
  const [input] = target.sts.mock.calls.map(([command]) => command.input as AssumeRoleCommandInput);
  const escaped = [...value].map((each) => ('*?$'.includes(each) ? `\${${each}}` : each)).join('');
  expect(JSON.parse(input?.Policy ?? '').Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: [`arn:aws:s3:::${DATA_BUCKET}/${tenantId}/${escaped}/*`],
    },
  ]);
  assertBounded(target, tenantId);
}

/** Opens what lies under the value to the letter; neither a sibling nor another tenant's. */
async function assertOpens({ credentials }: VendAnswer, tenantId: string, value: string): Promise<void> {
  const s3 = openS3(target, credentials);
  const read = (Key: string) => s3.send(new GetObjectCommand({ Bucket: DATA_BUCKET, Key }));
  for (const key of [`${tenantId}/other/x`, 'globex/welcome.txt', `globex/${value}/x`])
    await expect(read(key)).rejects.toMatchObject({ name: 'AccessDenied' });
  // A path of dots or of empty segments is no longer itself when it arrives.
  if (/^\.|\/\.|\/\/|^\/|\/$/.test(value)) return;
  const own = { Bucket: DATA_BUCKET, Key: `${tenantId}/${value}/x` };
  await s3.send(new PutObjectCommand({ ...own, Body: 'own' }));
  expect(await (await read(own.Key)).Body?.transformToString()).toBe('own');
}

describe('as a scope value', () => {
  const ask = (place: unknown) =>
    target.present(tokenFor('placed'), { headers: json, body: JSON.stringify({ scope: { place } }) });

  test.each(POLICY_VALUES)('%s %j: %s', async (_family, value, outcome) => {
    const response = await ask(value);
    if (outcome === 'refused') {
      expect(await outcomeOf(response)).toEqual([400, 'scope_invalid']);
      expect([target.sts.mock.calls.length, target.opened()]).toEqual([0, 0]);
    } else {
      const answer = await jsonOf(response);
      assertLiteral('placed', value);
      await assertOpens(answer, 'placed', value);
    }
  });

  test.each(NO_TEXTS)('%j is refused', async (value) => {
    expect(await outcomeOf(await ask(value))).toEqual([400, 'request_invalid']);
    expect(target.opened()).toBe(0);
  });
});

describe('as an attribute of a record', () => {
  test.each(
    POLICY_VALUES.map(([family, value, , outcome], index) => [family, value, outcome, index] as const),
  )('%s %j: %s', async (_family, value, outcome, index) => {
    const tenantId = `attributed-${index}`;
    const definition = {
      ...placing('tenant.attributes.place'),
      ...bound(tenantId),
      attributes: { place: value },
    };
    const stored = await putTenantAnswer(target, tenantId, definition);
    if (outcome === 'refused') {
      expect(await outcomeOf(stored)).toEqual([400, 'request_invalid']);
      return;
    }
    expect(stored.status).toBe(201);
    const answer = await jsonOf(await target.present(tokenFor(tenantId)));
    assertLiteral(tenantId, value);
    await assertOpens(answer, tenantId, value);
  });
});

describe('as the claim that names the tenant', () => {
  /** What there is none of cannot be bound to anybody. */
  const isBlank = (value: string) => value.trim() === '';

  test.each(POLICY_VALUES)('%s %j', async (_family, value) => {
    expect(await outcomeOf(await target.present(tokenFor(value)))).toEqual(
      isBlank(value) ? [401, 'token_invalid'] : [403, 'tenant_unknown'],
    );
    expect(target.opened()).toBe(0);
  });

  describe('and is bound', () => {
    const values = POLICY_VALUES.map(([, value]) => value).filter((value) => !isBlank(value));
    const tenants = values.map((value, index) => [value, `bound-${index}`] as const);
    /** Which has not heard yet that there are none. */
    let instance: Instance;
    beforeAll(async () => {
      for (const [value, tenantId] of tenants) await putTenant(target, tenantId, bound(value));
      instance = await target.instance();
    });

    test.each(tenants)('%j opens the tenant %s, by the id of the registry', async (value, tenantId) => {
      expect((await jsonOf(await instance.present(tokenFor(value)))).tenantId).toBe(tenantId);
      assertBounded(target, tenantId);
    });
  });

  test.each(NO_TEXTS)('%j is refused', async (value) => {
    expect(await outcomeOf(await target.present(tokenFor(value)))).toEqual([401, 'token_invalid']);
  });
});

describe('as a tenant id', () => {
  /** Of the grammar: whoever is called so is somebody else. */
  const isId = (value: string) => ['acm', 'acme-prod', 'constructor'].includes(value);

  test.each(POLICY_VALUES.filter(([, value]) => !isId(value)))('%s %j is refused', async (_family, value) => {
    const before = target.audited.length;
    const response = await putTenantAnswer(target, value, {});
    expect([400, 403, 404, 405]).toContain(response.status);
    const puts = target.audited.slice(before).filter(({ code }) => code === 'granted');
    expect(puts).toEqual([]);
  });
});

describe('as the name of a profile', () => {
  test('one that others may use is refused', async () => {
    const response = await target.present(tokenFor('globex'), {
      headers: json,
      body: '{"profile":"read-only"}',
    });
    expect(await outcomeOf(response)).toEqual([403, 'profile_not_granted']);
    expect(target.opened()).toBe(0);
  });

  test.each(POLICY_VALUES)('%s %j is refused', async (_family, value) => {
    const body = JSON.stringify({ profile: value });
    const response = await target.present(tokenFor('acme'), { headers: json, body });
    expect(await outcomeOf(response)).toEqual(
      value === '' ? [400, 'request_invalid'] : [403, 'profile_not_granted'],
    );
    expect(target.opened()).toBe(0);
  });
});
