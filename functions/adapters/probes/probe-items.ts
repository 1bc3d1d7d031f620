import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { revealed } from '../../core/grant/credentials.ts';
import type { ProbeItems } from '../../core/verification/probe-ports.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';
import { PROBE_ATTEMPTS, PROBE_TIMEOUTS, probeAnswer } from './probe-answer.ts';

/** Tries items in DynamoDB, each time with the credentials of the session that is tried. */
export function createProbeItems(access: Omit<AwsAccess, 'credentials'>): ProbeItems {
  return {
    async getItem(credentials, TableName, id) {
      const client = new DynamoDBClient({
        ...awsClientConfig({ ...access, credentials: revealed(credentials) }, PROBE_TIMEOUTS),
        maxAttempts: PROBE_ATTEMPTS,
        retryMode: 'standard',
      });
      const command = new GetItemCommand({ TableName, Key: { pk: { S: id }, sk: { S: id } } });
      const answer = await probeAnswer(() => client.send(command));
      client.destroy();
      // A company's own table, whose partition key has another name, or which has no sort key.
      if (answer.kind !== 'unknown' || answer.reason !== 'ValidationException') return answer;
      return { kind: 'not_applicable', reason: `the key of table ${TableName} is another than pk and sk` };
    },
  };
}
