import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { VendingError } from '../core/errors.ts';
import type { ReplayStore } from '../core/ports.ts';
import { type AwsAccess, awsClientConfig } from './aws-client-config.ts';

/** Where the table is, and with whose credentials it is written. */
export interface DynamoUsageOptions extends AwsAccess {
  readonly tableName: string;
}

const TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 500 };

/** What has been used once, in DynamoDB: the first write of an item wins, whichever instance makes it. */
export function createDynamoReplayStore({ tableName, ...access }: DynamoUsageOptions): ReplayStore {
  const client = DynamoDBDocumentClient.from(
    // One try: a second could find what the first had written, and take the first use for the second.
    new DynamoDBClient({ ...awsClientConfig(access, TIMEOUTS), maxAttempts: 1 }),
  );
  return {
    async isFirstUse(key, until, { signal }) {
      const command = new PutCommand({
        TableName: tableName,
        Item: { pk: `used#${key}`, expiresAt: Math.ceil(until.getTime() / 1000) },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      try {
        await client.send(command, { abortSignal: signal });
        return true;
      } catch (cause) {
        if ((cause as Error).name === 'ConditionalCheckFailedException') return false;
        throw new VendingError('replay_check_unavailable', { cause, retryAfterSeconds: 1 });
      }
    },
  };
}
