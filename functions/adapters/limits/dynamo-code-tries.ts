import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { VendingError } from '../../core/errors.ts';
import type { CodeTries } from '../../core/limits/code-tries.ts';
import type { UsageTable } from '../usage-table.ts';

/** Clocks may differ, and DynamoDB deletes when it likes. */
const KEPT_SECONDS = 60;
/** The caller waits for it. */
const GIVE_BACK_MILLISECONDS = 300;

/** Tries in DynamoDB, an item a key and window, each by a name of its own: what is written twice counts once. */
export function createDynamoCodeTries({ tableName, client }: UsageTable): CodeTries {
  return {
    async take(key, { tries, endsAt }, { signal }) {
      const item = { TableName: tableName, Key: { pk: `mfa#${key}#${endsAt}` } };
      const name = crypto.randomUUID();
      const own = new Set([name]);
      const command = new UpdateCommand({
        ...item,
        UpdateExpression: 'SET #until = :until ADD #tries :own',
        ConditionExpression:
          'attribute_not_exists(#tries) OR size(#tries) < :most OR contains(#tries, :name)',
        ExpressionAttributeNames: { '#until': 'expiresAt', '#tries': 'tries' },
        ExpressionAttributeValues: {
          ':until': endsAt + KEPT_SECONDS,
          ':own': own,
          ':most': tries,
          ':name': name,
        },
        ReturnValues: 'ALL_NEW',
      });
      try {
        const { Attributes } = await client.send(command, { abortSignal: signal });
        const taken: unknown = Attributes?.['tries'];
        // Not DynamoDB's own answer: nothing has been counted.
        if (!(taken instanceof Set && taken.has(name))) throw new Error('got an answer without the try');
      } catch (cause) {
        if ((cause as Error).name === 'ConditionalCheckFailedException') return undefined;
        throw unavailable(cause);
      }
      return {
        async giveBack() {
          const back = new UpdateCommand({
            ...item,
            UpdateExpression: 'DELETE #tries :own',
            ExpressionAttributeNames: { '#tries': 'tries' },
            ExpressionAttributeValues: { ':own': own },
          });
          // Not under the request's deadline: that may be what has just passed.
          const abortSignal = AbortSignal.timeout(GIVE_BACK_MILLISECONDS);
          await client.send(back, { abortSignal }).catch(() => {});
        },
      };
    },
  };
}

function unavailable(cause: unknown): VendingError {
  return new VendingError('replay_check_unavailable', {
    detail: 'whether MFA codes of the IAM user may still be tried cannot be told; try again',
    cause,
    retryAfterSeconds: 1,
  });
}
