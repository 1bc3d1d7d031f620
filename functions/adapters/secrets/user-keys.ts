import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import type { Deadline } from '../../core/deadline.ts';
import { VendingError } from '../../core/errors.ts';
import type { LongTermKeys, UserKeys } from '../../core/ports.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';
import { isSameKey, keysUnavailable, parseLongTermKeys } from './long-term-keys.ts';

/** How long keys are used that are no longer stored, as long as AWS takes them. */
const REMEMBER_KEYS_SECONDS = 60;
const MAX_ENTRIES = 1000;
const TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 600 };
/** Both tries together. */
const READ_MILLISECONDS = 1000;

/** Where the secrets are, and who reads them. */
export interface UserKeysOptions extends AwsAccess {
  /** What stands before the user's name in the name of its secret: `latchkey-prod/users/`. */
  readonly secretsPrefix: string;
  readonly clock: Clock;
}

interface Remembered {
  readonly keys: LongTermKeys;
  readonly readAt: number;
}

/**
 * Long-term keys out of Secrets Manager, each user's in a secret that is named for it; remembered for a minute, while Secrets
 * Manager cannot be asked no longer. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function createUserKeys({ secretsPrefix, clock, ...access }: UserKeysOptions): UserKeys {
  const config = { ...awsClientConfig(access, TIMEOUTS), maxAttempts: 2, retryMode: 'standard' };
  const client = new SecretsManagerClient(config);
  const remembered = new LRUCache<string, Remembered>({ max: MAX_ENTRIES });

  async function read(SecretId: string, { signal }: Deadline): Promise<LongTermKeys> {
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(READ_MILLISECONDS)]);
    try {
      const answer = await client.send(new GetSecretValueCommand({ SecretId }), { abortSignal });
      // An answer to another request would be another user's.
      if (answer.Name !== SecretId)
        throw keysUnavailable('the answer of Secrets Manager is of another secret');
      return parseLongTermKeys(answer.SecretString ?? '');
    } catch (cause) {
      throw cause instanceof VendingError ? cause : keysUnavailable(withoutAnswer(cause));
    }
  }

  return {
    async keysOf(userArn, deadline, refused) {
      const known = remembered.get(userArn);
      const now = clock().getTime();
      // Others than those that were refused have been read in the meantime.
      const isGood = known !== undefined && !(refused !== undefined && isSameKey(known.keys, refused));
      if (isGood && isRecent(known, now)) return known.keys;
      const keys = await read(`${secretsPrefix}${userName(userArn)}`, deadline);
      remembered.set(userArn, { keys, readAt: now });
      return keys;
    },
  };
}

/** A clock that was set back does not make them last. */
function isRecent({ readAt }: Remembered, now: number): boolean {
  return now >= readAt && now < readAt + REMEMBER_KEYS_SECONDS * 1000;
}

/**
 * A user's name is unique in its account, whatever path stands before it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
function userName(userArn: string): string {
  const name = /^arn:aws[\w-]*:iam::\d{12}:user\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]{1,64})$/.exec(userArn)?.[1];
  if (name === undefined) throw keysUnavailable('the ARN is not that of an IAM user');
  return name;
}

/** What AWS says of a refusal; of any other error the name alone: that of an answer which could not be read quotes it. */
function withoutAnswer(error: unknown): unknown {
  const { name, $fault } = error as { readonly name?: unknown; readonly $fault?: unknown };
  return $fault === undefined ? `Secrets Manager cannot be asked: ${String(name)}` : error;
}
