import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AwsAccess, awsClientConfig } from './aws-client-config.ts';

/** Where the table is, and with whose credentials it is used. */
export interface UsageTableOptions extends AwsAccess {
  readonly tableName: string;
}

/** The table of what has been used, and the connections to it that its adapters share. */
export interface UsageTable {
  readonly tableName: string;
  readonly client: DynamoDBDocumentClient;
}

const TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 500 };

/**
 * Access to the usage table. Every write may be made twice: a function that was frozen finds its connections dead, and the
 * SDK then tries again.
 */
export function createUsageTable({ tableName, ...access }: UsageTableOptions): UsageTable {
  const config = { ...awsClientConfig(access, TIMEOUTS), maxAttempts: 2, retryMode: 'standard' };
  return { tableName, client: DynamoDBDocumentClient.from(new DynamoDBClient(config)) };
}
