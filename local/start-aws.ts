import { createAdaptorServer } from '@hono/node-server';
import {
  ACCOUNT,
  DATA_BUCKET,
  MANAGED_POLICIES,
  OPERATOR_ROLE_ARN,
  REGION,
  ROLES,
  VEND_ROLE_ARN,
} from './account.ts';
import type { Door } from './aws/door.ts';
import { startDynalite } from './aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from './aws/dynamodb.ts';
import { openExecutionSession, openSession } from './aws/open-session.ts';
import { parseManagedPolicies, parseRoles, type Roles } from './aws/roles.ts';
import { createS3Door } from './aws/s3.ts';
import type { SessionCredentials, Sessions } from './aws/session.ts';
import { createStsDoor } from './aws/sts.ts';
import { listen } from './listen.ts';

/** AWS on this machine. */
export interface LocalAws {
  readonly sts: string;
  readonly s3: string;
  readonly dynamodb: string;
  /** The vend function's, as Lambda sets them in its variables. */
  readonly functionCredentials: SessionCredentials;
  /** For filling the tables and the bucket. */
  readonly operatorCredentials: SessionCredentials;
  readonly close: () => Promise<void>;
}

/** What a local AWS is started with. */
export interface LocalAwsOptions {
  readonly ports: { readonly sts: number; readonly dynamodb: number; readonly s3: number };
  readonly clock: () => Date;
  /** Told in one line what was refused, and why. */
  readonly log: (message: string) => void;
}

/** Lambda would set new ones with every new sandbox; a server that runs for a month gets by with these. */
const FUNCTION_SESSION_SECONDS = 30 * 24 * 3600;
const OPERATOR_SESSION_SECONDS = 3600;

/** Starts STS, DynamoDB and S3 over one set of roles and sessions. */
export async function startLocalAws({ ports, clock, log }: LocalAwsOptions): Promise<LocalAws> {
  const sessions: Sessions = new Map();
  const roles = parseRoles(ROLES);
  const managedPolicies = parseManagedPolicies(MANAGED_POLICIES);
  const common = { account: ACCOUNT, region: REGION, sessions, clock, log };
  // What has started is closed again when the next cannot.
  await using started = new AsyncDisposableStack();
  const serve = async (door: Door, port: number, name: string) => {
    const { url, close } = await listen(createAdaptorServer({ fetch: door as never }) as never, port, name);
    started.defer(close);
    return url;
  };
  const sts = await serve(createStsDoor({ ...common, roles, managedPolicies }), ports.sts, 'STS');
  const dynalite = await startDynalite();
  started.defer(dynalite.close);
  const dynamodb = await serve(createDynamoDbDoor({ ...common, dynalite }), ports.dynamodb, 'DynamoDB');
  const s3 = await serve(createS3Door({ ...common, bucketNames: [DATA_BUCKET] }), ports.s3, 'S3');
  const functionSession = openExecutionSession(roleOf(roles, VEND_ROLE_ARN), {
    functionName: 'latchkey-vend',
    durationSeconds: FUNCTION_SESSION_SECONDS,
    sessions,
    clock,
  });
  const operatorSession = openSession(
    roleOf(roles, OPERATOR_ROLE_ARN),
    {
      sessionName: 'set-up',
      durationSeconds: OPERATOR_SESSION_SECONDS,
      sourceIdentity: undefined,
      tags: {},
      transitiveTagKeys: [],
      sessionPolicies: undefined,
    },
    { sessions, clock },
  );
  // From here on it lives until it is closed.
  const running = started.move();
  return {
    sts,
    dynamodb,
    s3,
    functionCredentials: functionSession.credentials,
    operatorCredentials: operatorSession.credentials,
    close: () => running.disposeAsync(),
  };
}

function roleOf(roles: Roles, arn: string) {
  const role = roles.get(arn);
  if (role === undefined) throw new Error(`got no role ${arn}, expected it in account.ts`);
  return role;
}
