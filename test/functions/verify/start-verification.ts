import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createOutcomeLog } from '../../../functions/adapters/log/outcome-log.ts';
import { registryKey } from '../../../functions/adapters/registry/registry-key.ts';
import type { ProfileDefinition } from '../../../functions/core/profile/profile-definition.ts';
import type { TenantDefinitionInput } from '../../../functions/core/tenant/tenant-definition.ts';
import { parseTenantRecord } from '../../../functions/core/tenant/tenant-record.ts';
import { readVerifyEnvironment } from '../../../functions/verify/environment.ts';
import { wireVerifying } from '../../../functions/verify/wiring.ts';
import { REGION, REGISTRY_TABLE, RESOURCES, VEND_ROLE_ARN } from '../../../local/account.ts';
import type { OpenIdProviders } from '../../../local/aws/identity-providers.ts';
import { addRole, type RoleDefinition } from '../../../local/aws/roles.ts';
import { ROLES } from '../../../local/roles.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
import { startDoors } from '../../local/start-doors.ts';

/** A customer's account. */
export const CUSTOMER = '444455556666';
/** acme's, as Latchkey makes them. */
export const EXTERNAL_ID = `acme-external-id-${'x'.repeat(25)}Q`;

const ANY_ROLE = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Resource: 'arn:aws:iam::*:role/*',
    },
  ],
};

/** The roles of the account; but the vend function's may assume any. */
const TEST_ROLES = ROLES.map((role) =>
  role.arn === VEND_ROLE_ARN ? { ...role, policies: { ...role.policies, any: ANY_ROLE } } : role,
);

export type VerificationTest = Awaited<ReturnType<typeof startVerification>>;

/** The verify function over a local AWS, with the account's roles and those that a test adds. */
export async function startVerification({
  profiles = [],
  managedPolicies = {},
  clock = () => new Date(),
  openIdProviders,
}: {
  /** Beside the shipped ones. */
  readonly profiles?: readonly ProfileDefinition[];
  readonly managedPolicies?: Readonly<Record<string, unknown>>;
  readonly clock?: () => Date;
  readonly openIdProviders?: OpenIdProviders;
} = {}) {
  const doors = await startDoors(TEST_ROLES, {
    managedPolicies,
    ...(openIdProviders && { openIdProviders }),
  });
  const items = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: REGION,
      endpoint: doors.dynamodb,
      credentials: doors.everything.credentials,
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  const logged: unknown[] = [];
  const log = (...line: unknown[]) => void logged.push(line);

  function wire({
    variables = {},
    resources = RESOURCES,
    definitions = [...profileDefinitions, ...profiles],
  }: {
    readonly variables?: Readonly<Record<string, string>>;
    readonly resources?: object;
    readonly definitions?: readonly unknown[];
  } = {}) {
    const { accessKeyId, secretAccessKey, sessionToken } = doors.open(VEND_ROLE_ARN).credentials;
    return wireVerifying({
      environment: readVerifyEnvironment({
        LATCHKEY_REGISTRY_TABLE: REGISTRY_TABLE,
        LATCHKEY_RESOURCES: JSON.stringify(resources),
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_ENDPOINT_URL_DYNAMODB: doors.dynamodb,
        AWS_ENDPOINT_URL_S3: doors.s3,
        AWS_ENDPOINT_URL_STS: doors.sts,
        ...variables,
      }),
      profileDefinitions: definitions,
      log: createOutcomeLog('verification', { info: log, warn: log } as never),
      clock,
    });
  }

  return {
    ...doors,
    logged,
    /** A line for each refusal of STS. */
    refusals: doors.logged,
    wire,
    verify: wire(),
    addRole: (definition: RoleDefinition) => addRole(doors.roles, definition),
    /** Puts acme, or another, into the registry as an onboarding leaves it: held until it is verified. */
    async putTenant(definition: Partial<TenantDefinitionInput> = {}, state: object = {}) {
      const at = '2026-11-22T10:00:00.000Z';
      const profiles = definition.profiles ?? ['app'];
      const record = {
        tenantId: 'acme',
        externalId: EXTERNAL_ID,
        holds: ['onboarding'],
        version: 1,
        createdAt: at,
        updatedAt: at,
        events: {},
        definition: { displayName: 'Acme', defaultProfile: profiles[0], ...definition, profiles },
        ...state,
      };
      const Item = { ...registryKey.tenant(record.tenantId), record: parseTenantRecord(record) };
      await items.send(new PutCommand({ TableName: REGISTRY_TABLE, Item }));
    },
  };
}
