import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type Credentials, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import {
  type OpenIdProviderDefinition,
  parseOpenIdProviders,
  parseSamlProviders,
  type SamlProviderDefinition,
} from '../../local/aws/identity-providers.ts';
import { parseManagedPolicies, parseRoles, type RoleDefinition } from '../../local/aws/roles.ts';
import { createS3Door } from '../../local/aws/s3.ts';
import type { Session, Sessions } from '../../local/aws/session.ts';
import { createStsDoor } from '../../local/aws/sts.ts';
import { serveDoor } from './serve-door.ts';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const REGION = 'eu-central-1';
export const BUCKET = 'tenant-data';
export const roleArn = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;

export const document = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** Bounded by the principal tag alone, as a role must be whose sessions anybody with a token can open. */
export const BOUNDED_BY_TAG = document({
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:PutObject'],
  Resource: `arn:aws:s3:::${BUCKET}/\${aws:PrincipalTag/TenantId}/*`,
});

export type Federation = Awaited<ReturnType<typeof startFederation>>;

/** What the doors are made with, and the time in them. */
export interface FederationOptions {
  readonly roles: readonly RoleDefinition[];
  readonly now: () => Date;
  readonly openId?: readonly OpenIdProviderDefinition[];
  readonly saml?: readonly SamlProviderDefinition[];
  readonly managedPolicies?: Readonly<Record<string, unknown>>;
}

/** STS and S3 over the same sessions, with identity providers; and the real SDK's clients for them. */
export async function startFederation({
  roles,
  now,
  openId = [],
  saml = [],
  managedPolicies = {},
}: FederationOptions) {
  const sessions: Sessions = new Map();
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const common = { account: ACCOUNT, region: REGION, sessions, clock: now, log };
  const sts = await serveDoor(
    createStsDoor({
      ...common,
      roles: parseRoles(roles),
      managedPolicies: parseManagedPolicies(managedPolicies),
      openIdProviders: parseOpenIdProviders(openId),
      samlProviders: parseSamlProviders(saml),
    }),
  );
  const s3 = await serveDoor(createS3Door({ ...common, bucketNames: [BUCKET] }));

  return {
    sessions,
    logged,
    stsEndpoint: sts.endpoint,
    /** Without credentials: what it shows takes their place. */
    sts: new STSClient({
      region: REGION,
      endpoint: sts.endpoint,
      maxAttempts: 1,
      credentials: () => Promise.reject(new Error('these calls are not signed')),
    }),
    stsOf: (credentials: Credentials | undefined) =>
      new STSClient({
        region: REGION,
        endpoint: sts.endpoint,
        maxAttempts: 1,
        credentials: asProvided(credentials),
      }),
    sessionOf: (credentials: Credentials | undefined) =>
      sessions.get(credentials?.AccessKeyId ?? '') as Session,
    /** Whether credentials can write below a prefix of the bucket: `done`, or the error's name. */
    async put(credentials: Credentials | undefined, tenantId: string): Promise<string> {
      const client = new S3Client({
        region: REGION,
        endpoint: s3.endpoint,
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: asProvided(credentials),
      });
      try {
        await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${tenantId}/1`, Body: 'text' }));
        return 'done';
      } catch (error) {
        if (error instanceof S3ServiceException) return error.name;
        throw error;
      }
    },
    async close() {
      await sts.close();
      await s3.close();
    },
  };
}

/** The error's status, code and message, or `done`. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (!(error instanceof STSServiceException)) throw error;
    return `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`;
  }
}

function asProvided({
  AccessKeyId = '',
  SecretAccessKey = '',
  SessionToken = '',
}: Partial<Credentials> = {}) {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
