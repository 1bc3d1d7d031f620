import { ACCOUNT, DATA_BUCKET, REGION, SIGNING_KEY_ID, TEMPLATE_BUCKET } from './account.ts';
import { createAuthorizationMessages } from './aws/authorization-messages.ts';
import type { Door } from './aws/door.ts';
import type { Dynalite } from './aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from './aws/dynamodb.ts';
import type { EventBus } from './aws/events/event-bus.ts';
import { createEventsDoor } from './aws/events.ts';
import { createIamDoor } from './aws/iam.ts';
import { createKmsKeys } from './aws/kms/keys.ts';
import { createKmsDoor } from './aws/kms.ts';
import { createLambdaDoor, type LocalFunction } from './aws/lambda.ts';
import { createS3Door } from './aws/s3.ts';
import { createSecretsManagerDoor, type LocalSecret } from './aws/secrets-manager.ts';
import { createSignInDoor } from './aws/signin.ts';
import type { Queue } from './aws/sqs/queue.ts';
import { createSqsDoor } from './aws/sqs.ts';
import type { StsOptions } from './aws/sts/sts-options.ts';
import { createStsDoor } from './aws/sts.ts';

/** The services, by their names in endpoints, with what people call them. */
export const SERVICES = {
  sts: 'STS',
  dynamodb: 'DynamoDB',
  s3: 'S3',
  iam: 'IAM',
  lambda: 'Lambda',
  events: 'EventBridge',
  sqs: 'SQS',
  signin: 'the AWS sign-in',
  kms: 'KMS',
  secretsmanager: 'Secrets Manager',
} as const;
/** One of them. */
export type Service = keyof typeof SERVICES;

/** What the services of one account share, and what each is about. */
export interface ServiceParts extends Omit<StsOptions, 'region' | 'messages'> {
  readonly dynalite: Dynalite;
  readonly functions: ReadonlyMap<string, LocalFunction>;
  readonly bus: EventBus;
  readonly queues: readonly Queue[];
  readonly secrets: readonly LocalSecret[];
}

/** A door for each service. What any of them says of a denial, STS decodes. */
export function createServices(parts: ServiceParts): Readonly<Record<Service, Door>> {
  const { sessions, clock, log, dynalite, functions, bus, queues, secrets } = parts;
  const messages = createAuthorizationMessages();
  const common = { account: ACCOUNT, region: REGION, sessions, clock, log, messages };
  const keys = createKmsKeys([
    { id: SIGNING_KEY_ID, aliases: ['alias/latchkey-signing'], keySpec: 'RSA_2048' },
  ]);
  return {
    sts: createStsDoor({ ...parts, ...common }),
    dynamodb: createDynamoDbDoor({ ...common, dynalite }),
    s3: createS3Door({ ...common, bucketNames: [DATA_BUCKET, TEMPLATE_BUCKET] }),
    iam: createIamDoor({ ...common, roles: parts.roles, users: parts.users }),
    lambda: createLambdaDoor({ ...common, functions }),
    events: createEventsDoor({ ...common, buses: [bus] }),
    sqs: createSqsDoor({ ...common, queues }),
    signin: createSignInDoor(common),
    kms: createKmsDoor({ ...common, keys }),
    secretsmanager: createSecretsManagerDoor({ ...common, secrets }),
  };
}
