import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ACCOUNT, DATA_BUCKET, DATA_TABLE, REGION, REGISTRY_TABLE } from '../../local/account.ts';
import { startDynalite } from '../../local/aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from '../../local/aws/dynamodb.ts';
import { createIamDoor } from '../../local/aws/iam.ts';
import type { OpenIdProviders } from '../../local/aws/identity-providers.ts';
import { openSession } from '../../local/aws/open-session.ts';
import {
  type LocalRole,
  parseManagedPolicies,
  parseRoles,
  type RoleDefinition,
} from '../../local/aws/roles.ts';
import { createS3Door } from '../../local/aws/s3.ts';
import type { Session, Sessions, TemporarySession } from '../../local/aws/session.ts';
import { createStsDoor } from '../../local/aws/sts.ts';
import { openUserKeys, parseUsers, type UserDefinition } from '../../local/aws/users.ts';
import { serveDoor } from './serve-door.ts';

/** A role that may do anything with the tables, to fill them. */
const SETTER_UP: RoleDefinition = {
  arn: `arn:aws:iam::${ACCOUNT}:role/setter-up`,
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
  },
  policies: {
    all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  },
};

export type Doors = Awaited<ReturnType<typeof startDoors>>;

/** STS, IAM, S3 and DynamoDB over one set of roles and sessions, with the registry's and the tenants' table and bucket. */
export async function startDoors(
  definitions: readonly RoleDefinition[],
  {
    clock = () => new Date(),
    managedPolicies = {},
    users: userDefinitions = [],
    openIdProviders,
  }: {
    readonly clock?: () => Date;
    readonly managedPolicies?: Readonly<Record<string, unknown>>;
    readonly users?: readonly UserDefinition[];
    readonly openIdProviders?: OpenIdProviders;
  } = {},
) {
  const sessions: Sessions = new Map();
  const roles = parseRoles([...definitions, SETTER_UP]);
  const users = parseUsers(userDefinitions);
  openUserKeys(users, sessions);
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const common = { account: ACCOUNT, region: REGION, sessions, roles, clock, log };
  const dynalite = await startDynalite();
  const served = {
    sts: await serveDoor(
      createStsDoor({
        ...common,
        users,
        openIdProviders,
        managedPolicies: parseManagedPolicies(managedPolicies),
      }),
    ),
    iam: await serveDoor(createIamDoor({ ...common, users })),
    s3: await serveDoor(createS3Door({ ...common, bucketNames: [DATA_BUCKET] })),
    dynamodb: await serveDoor(createDynamoDbDoor({ ...common, dynalite })),
  };

  /** A session of a role, as its trust policy would or would not let one have it. */
  function open(roleArn: string, tags: Session['tags'] = {}): TemporarySession {
    const role = roles.get(roleArn) as LocalRole;
    const bounds = { sourceIdentity: undefined, transitiveTagKeys: [], sessionPolicies: undefined };
    return openSession(
      role,
      { ...bounds, sessionName: 'test', durationSeconds: 3600, tags },
      { sessions, clock },
    );
  }

  const operator = new DynamoDBClient({
    region: REGION,
    endpoint: served.dynamodb.endpoint,
    credentials: open(SETTER_UP.arn).credentials,
  });
  for (const TableName of [REGISTRY_TABLE, DATA_TABLE])
    await operator.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      }),
    );

  return {
    roles,
    users,
    sessions,
    logged,
    open,
    /** May do anything in the account. */
    everything: open(SETTER_UP.arn),
    sts: served.sts.endpoint,
    iam: served.iam.endpoint,
    s3: served.s3.endpoint,
    dynamodb: served.dynamodb.endpoint,
    async close() {
      for (const { close } of Object.values(served)) await close();
      await dynalite.close();
    },
  };
}
