import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { DATA_BUCKET, REGION } from '../../local/account.ts';
import type { Target } from './target.ts';

interface Statement {
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * That every request to STS is bounded to the tenant, as a reader of its own would say it and not as the code does that is
 * attacked.
 */
export function assertBounded({ sts }: Pick<Target, 'sts'>, tenantId: string): void {
  for (const [{ input }] of sts.mock.calls) {
    const { Policy = '', Tags, RoleSessionName, SourceIdentity } = input as AssumeRoleCommandInput;
    const { Version, Statement } = JSON.parse(Policy) as { Version: string; Statement: Statement[] };
    expect(Version).toBe('2012-10-17');
    expect(Statement.length).toBeGreaterThan(0);
    expect(Policy.replaceAll(/\$\{[*?$]\}/g, '')).not.toMatch(/\$\{|"Not[A-Z]/);
    for (const statement of Statement) assertOwn(statement, tenantId);
    expect(Tags?.[0]).toEqual({ Key: 'TenantId', Value: tenantId });
    expect(RoleSessionName).toMatch(new RegExp(`^${tenantId}\\.[\\w-]{15}$`));
    expect(SourceIdentity).toBe(RoleSessionName);
  }
}

function assertOwn({ Resource, Condition = {} }: Statement, tenantId: string): void {
  const objects = `arn:aws:s3:::${DATA_BUCKET}/${tenantId}/`;
  if (Resource.every((resource) => resource.startsWith(objects))) return;
  const { StringLike = {}, 'ForAllValues:StringEquals': every = {}, Null = {} } = Condition;
  const prefixes = StringLike['s3:prefix'];
  if (prefixes !== undefined) {
    expect(prefixes.every((prefix) => prefix.startsWith(`${tenantId}/`))).toBe(true);
  } else {
    expect(every['dynamodb:LeadingKeys']).toEqual([tenantId]);
    expect(Null['dynamodb:LeadingKeys']).toEqual(['false']);
  }
}

/** What a vend answers. */
export interface VendAnswer {
  readonly tenantId: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

/** A client with what was vended. */
export function openS3(
  { facts }: Pick<Target, 'facts'>,
  { accessKeyId, secretAccessKey, sessionToken }: VendAnswer['credentials'],
): S3Client {
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  return new S3Client({ region: REGION, endpoint: facts.s3, credentials, maxAttempts: 1 });
}

/** That what was vended opens the tenant's own objects, and neither those of another nor the whole bucket. */
export async function assertOpensOnlyOwn(
  { facts }: Pick<Target, 'facts'>,
  { tenantId, credentials }: VendAnswer,
  own: string,
): Promise<void> {
  expect(tenantId).toBe(own);
  const s3 = openS3({ facts }, credentials);
  const Bucket = DATA_BUCKET;
  const object = (tenant: string) => ({ Bucket, Key: `${tenant}/welcome.txt` });
  await s3.send(new PutObjectCommand({ ...object(own), Body: own }));
  const read = await s3.send(new GetObjectCommand(object(own)));
  expect(await read.Body?.transformToString()).toBe(own);
  const another = own === 'globex' ? 'acme' : 'globex';
  const denied = await Promise.allSettled([
    s3.send(new GetObjectCommand(object(another))),
    s3.send(new PutObjectCommand({ ...object(another), Body: own })),
    s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${another}/` })),
    s3.send(new ListObjectsV2Command({ Bucket })),
  ]);
  expect(denied.map((each) => (each.status === 'rejected' ? each.reason.name : 'opened'))).toEqual(
    Array(denied.length).fill('AccessDenied'),
  );
  s3.destroy();
}
