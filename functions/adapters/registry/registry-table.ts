import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { VendingError } from '../../core/errors.ts';
import { awsClientConfig } from '../aws-client-config.ts';
import type { DynamoTenantRegistryOptions } from './dynamo-tenant-registry.ts';

/** An item as it is stored: nothing is known of it yet. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** The key of an item. */
export type ItemKey = Readonly<{ pk: string; sk: string }>;

/** One write of several that are done together or not at all. In expressions every attribute is written `#name`. */
export type RegistryWrite = {
  readonly condition: string;
  readonly values?: Readonly<Record<string, unknown>>;
  /** What it means that the condition does not hold, given the item that is there. */
  readonly refusal: (existing: StoredItem | undefined) => VendingError;
} & (
  | { readonly put: StoredItem & ItemKey }
  | { readonly update: string; readonly key: ItemKey }
  | { readonly delete: ItemKey }
);

/** The registry table as those see it who write it. All throw `registry_unavailable`. */
export interface RegistryTable {
  /** Consistently. */
  read(key: ItemKey): Promise<StoredItem | undefined>;
  /** The first items that a query finds, at most `limit`. */
  query(input: Omit<QueryCommandInput, 'TableName' | 'Limit'>, limit: number): Promise<readonly StoredItem[]>;
  /** All or nothing, and once, however often the SDK has to send it. Throws the refusal of the first write whose condition does not hold, and `write_conflict`. */
  write(writes: readonly RegistryWrite[]): Promise<void>;
}

/** Whoever administers waits longer than an app that wants credentials; see `WRITE_MILLISECONDS`. */
const TIMEOUTS = { connectMilliseconds: 1000, answerMilliseconds: 2000 };
/** A suspension counts from when it is decided: what has not been written in this time is given up (remembered-tenant-registry.ts). */
export const WRITE_MILLISECONDS = 5000;
/** Of a transaction that another one was in the way of, which the SDK does not send again by itself. */
const ATTEMPTS = 6;
const RETRY_MILLISECONDS = 25;

/** What a transaction is cancelled for that is no fault of it. */
const IN_THE_WAY = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** The table, with its own client. */
export function createRegistryTable({ tableName, ...access }: DynamoTenantRegistryOptions): RegistryTable {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...awsClientConfig(access, TIMEOUTS), maxAttempts: 3, retryMode: 'standard' }),
    { marshallOptions: { removeUndefinedValues: true } },
  );

  return {
    async read(Key) {
      const command = new GetCommand({ TableName: tableName, Key, ConsistentRead: true });
      return (await available(client.send(command))).Item;
    },

    async query(input, limit) {
      const found: StoredItem[] = [];
      // A limit is to what is read, not to what a filter leaves of it.
      const bound = input.FilterExpression === undefined ? { Limit: limit } : {};
      const pages = paginateQuery({ client }, { ...input, ...bound, TableName: tableName });
      const collect = async () => {
        for await (const { Items = [] } of pages) {
          found.push(...Items);
          if (found.length >= limit) return;
        }
      };
      await available(collect());
      return found.slice(0, limit);
    },

    async write(writes) {
      const TransactItems = writes.map((write) => transactItem(tableName, write));
      const abortSignal = AbortSignal.timeout(WRITE_MILLISECONDS);
      for (let attempt = 1; ; attempt += 1) {
        try {
          // The SDK gives it a ClientRequestToken, the same however often it sends it: what was done is not done twice.
          await client.send(new TransactWriteCommand({ TransactItems }), { abortSignal });
          return;
        } catch (error) {
          if (attempt === ATTEMPTS || !isInTheWay(error)) throw failureOf(error, writes);
        }
        const longest = RETRY_MILLISECONDS * 2 ** attempt;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
      }
    },
  };
}

function transactItem(
  TableName: string,
  write: RegistryWrite,
): NonNullable<TransactWriteCommandInput['TransactItems']>[number] {
  const { condition, values } = write;
  const update = 'update' in write ? write.update : '';
  const common = {
    TableName,
    ConditionExpression: condition,
    ExpressionAttributeNames: namesIn(condition + update),
    ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  if ('put' in write) return { Put: { ...common, Item: write.put } };
  if ('update' in write) return { Update: { ...common, Key: write.key, UpdateExpression: update } };
  return { Delete: { ...common, Key: write.delete } };
}

/** `#name` stands for `name`: so no attribute is ever taken for one of DynamoDB's many reserved words. */
export function namesIn(expression: string): Record<string, string> {
  return Object.fromEntries((expression.match(/#\w+/g) ?? []).map((name) => [name, name.slice(1)]));
}

interface Cancellation {
  readonly Code?: string;
  readonly Item?: StoredItem;
}

/** By name and shape: `instanceof` fails across two copies of the SDK. */
function cancellationsIn(error: unknown): readonly Cancellation[] {
  const { name, CancellationReasons } = error as Error & { CancellationReasons?: readonly Cancellation[] };
  return name === 'TransactionCanceledException' ? (CancellationReasons ?? []) : [];
}

function isInTheWay(error: unknown): boolean {
  const codes = cancellationsIn(error).map(({ Code = '' }) => Code);
  return codes.some((code) => IN_THE_WAY.has(code)) && !codes.includes('ConditionalCheckFailed');
}

function failureOf(cause: unknown, writes: readonly RegistryWrite[]): VendingError {
  const cancellations = cancellationsIn(cause);
  const failed = cancellations.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
  const refusal = writes[failed]?.refusal(cancellations[failed]?.Item);
  if (refusal !== undefined) return refusal;
  const isConflict = cancellations.some(({ Code }) => Code === 'TransactionConflict');
  return new VendingError(isConflict ? 'write_conflict' : 'registry_unavailable', {
    cause,
    retryAfterSeconds: 1,
  });
}

async function available<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new VendingError('registry_unavailable', { cause, retryAfterSeconds: 1 });
  }
}
