import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Secret } from '../../functions/core/secret.ts';
import { AwsError } from './aws-error.ts';
import type { Door } from './door.ts';
import { createJsonDoor, type JsonCall, type JsonDoorOptions, parseMembers } from './json-door.ts';

/** A secret of the local account, which never changes. */
export interface LocalSecret {
  readonly name: string;
  /** What GetSecretValue gives as SecretString. */
  readonly value: Secret;
  readonly createdAt: Date;
}

/** What the local Secrets Manager is made with. */
export interface SecretsManagerOptions extends JsonDoorOptions {
  /** All of `account` and `region`, each name once; what is added later counts. */
  readonly secrets: readonly LocalSecret[];
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
const getSecretValueInput = z.strictObject({
  SecretId: z.string().check(z.minLength(1), z.maxLength(2048)),
  VersionStage: z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
});

const CURRENT = 'AWSCURRENT';

/** Condition keys of Secrets Manager that no request to this door has. */
const ABSENT_IN_SECRETS_MANAGER = [
  'secretsmanager:ResourceTag/*',
  'secretsmanager:VersionId',
  'secretsmanager:resource/AllowRotationLambdaArn',
];

/**
 * A Secrets Manager that tells secrets to sessions that may know them: GetSecretValue of the current version, by name or complete ARN.
 * Secrets have no policies of their own and lie under the key `aws/secretsmanager`, which takes no permission.
 */
export function createSecretsManagerDoor(options: SecretsManagerOptions): Door {
  return createJsonDoor(
    {
      service: 'secretsmanager',
      targetPrefix: 'secretsmanager.',
      contentType: 'application/x-amz-json-1.1',
      errorNamespace: 'com.amazonaws.secretsmanager',
      operations: { GetSecretValue: (call) => getSecretValue(call, options) },
    },
    options,
  );
}

/**
 * The ARN of a secret: its name, and six characters that AWS draws anew whenever a secret of that name is made
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen). Here they are always the same
 * for the same name, so that an ARN can be written down.
 */
export function secretArn(
  name: string,
  { account, region }: Pick<SecretsManagerOptions, 'account' | 'region'>,
): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
}

function getSecretValue({ session, authorize, body }: JsonCall, options: SecretsManagerOptions): object {
  const { SecretId, VersionStage } = parseMembers(getSecretValueInput, body);
  const { secrets, account, region } = options;
  const secret = secrets.find(({ name }) => [name, secretArn(name, options)].includes(SecretId));
  const named = SecretId.startsWith('arn:')
    ? SecretId
    : `arn:aws:secretsmanager:${region}:${account}:secret:${SecretId}`;
  const ARN = secret === undefined ? named : secretArn(secret.name, options);
  // Before whether it is there: who may not ask learns nothing.
  authorize(session, 'secretsmanager:GetSecretValue', ARN, {
    values: {
      'secretsmanager:SecretId': ARN,
      'secretsmanager:SecretPrimaryRegion': region,
      // Whether a default counts as sent is not documented: left out, it is neither known nor absent.
      ...(VersionStage !== undefined && { 'secretsmanager:VersionStage': VersionStage }),
    },
    absent: ABSENT_IN_SECRETS_MANAGER,
  });
  if (secret === undefined) throw notFound("Secrets Manager can't find the specified secret.");
  if (VersionStage !== undefined && VersionStage !== CURRENT) {
    throw notFound(
      `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
    );
  }
  return {
    ARN,
    Name: secret.name,
    VersionId: versionIdOf(ARN),
    SecretString: secret.value.reveal(),
    VersionStages: [CURRENT],
    CreatedDate: secret.createdAt.getTime() / 1000,
  };
}

/** In the form of a UUID; always the same, as the version is. */
function versionIdOf(arn: string): string {
  const hex = createHash('sha256').update(arn).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', 400, message);
}
