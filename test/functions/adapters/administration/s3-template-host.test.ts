import { afterAll, beforeAll, expect, it } from 'vitest';
import { createS3TemplateHost } from '../../../../functions/adapters/administration/s3-template-host.ts';
import { read, startS3 } from '../../../local/s3-client.ts';
import { BUCKET, createSession, REGION } from '../../../local/tenant-session.ts';

const rolePolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:GetObject'],
      Resource: `arn:aws:s3:::${BUCKET}/*`,
    },
  ],
};
const clock = () => new Date('2026-11-22T10:00:00.500Z');

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());

it('puts a template where its URL says, for an hour', async () => {
  const session = s3.open(createSession({ rolePolicy }));
  const access = { region: REGION, credentials: session.credentials, endpoint: s3.endpoint };
  const host = createS3TemplateHost({ ...access, bucket: BUCKET, clock });
  const published = await host.publish('acme.json', { Resources: { Role: {} } });
  expect(published?.expiration).toEqual(new Date('2026-11-22T11:00:00.500Z'));
  const url = new URL(published?.url ?? '');
  expect(url.pathname).toBe(`/${BUCKET}/acme.json`);
  const { 'X-Amz-Signature': signature, ...query } = Object.fromEntries(url.searchParams);
  expect(signature).toMatch(/^[0-9a-f]{64}$/);
  expect(query).toEqual({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
    'X-Amz-Credential': `${session.credentials.accessKeyId}/20261122/${REGION}/s3/aws4_request`,
    'X-Amz-Date': '20261122T100000Z',
    'X-Amz-Expires': '3600',
    'X-Amz-Security-Token': session.credentials.sessionToken,
    'X-Amz-SignedHeaders': 'host',
    'x-id': 'GetObject',
  });
  expect(JSON.parse((await read(s3.clientOf(session), 'acme.json')) ?? '')).toEqual({
    Resources: { Role: {} },
  });
});

it('gives no URL to what it could not put', async () => {
  const { credentials } = s3.open(createSession());
  const access = { region: REGION, credentials, endpoint: s3.endpoint };
  await expect(
    createS3TemplateHost({ ...access, bucket: BUCKET, clock }).publish('acme.json', {}),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('hosts nothing without a bucket', async () => {
  const { credentials } = createSession();
  const host = createS3TemplateHost({
    region: REGION,
    credentials,
    endpoint: s3.endpoint,
    bucket: undefined,
    clock,
  });
  expect(await host.publish('acme.json', {})).toBeUndefined();
});
