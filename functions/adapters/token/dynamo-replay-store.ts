import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { VendingError } from '../../core/errors.ts';
import type { ReplayStore } from '../../core/ports.ts';
import type { UsageTable } from '../usage-table.ts';

/**
 * What has been used once, in DynamoDB: the first write of an item wins, whichever instance makes it. An item that is past
 * its time and not yet deleted still counts.
 */
export function createDynamoReplayStore({ tableName, client }: UsageTable): ReplayStore {
  return {
    async isFirstUse(key, until, { signal }) {
      // A second try may find what the first one wrote, and must not take its own use for another's.
      const use = crypto.randomUUID();
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { pk: `used#${key}` },
        UpdateExpression: 'SET #use = if_not_exists(#use, :use), #until = if_not_exists(#until, :until)',
        ExpressionAttributeNames: { '#use': 'use', '#until': 'expiresAt' },
        ExpressionAttributeValues: { ':use': use, ':until': Math.ceil(until.getTime() / 1000) },
        // Not a condition, of which success says nothing: an answer that is not DynamoDB's own could pass for it.
        ReturnValues: 'ALL_NEW',
      });
      try {
        const { Attributes: { use: first } = {} } = await client.send(command, { abortSignal: signal });
        if (typeof first !== 'string') throw new Error('got an answer without a use');
        return first === use;
      } catch (cause) {
        throw new VendingError('replay_check_unavailable', { cause, retryAfterSeconds: 1 });
      }
    },
  };
}
