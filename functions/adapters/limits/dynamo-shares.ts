import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Ledger, LedgerEntry, ShareStore } from '../../core/limits/share-store.ts';
import type { UsageTable } from '../usage-table.ts';

/** After its second an item is of use to nobody; clocks may differ, and DynamoDB deletes when it likes. */
const KEPT_SECONDS = 60;
const LEDGER = 'deployment';
/** Before a tenant's id: what stands in an item besides has no name like it. */
const ASKED = 'asked#';

/** What the shares are made with. */
export interface DynamoSharesOptions {
  /** How long a vend may take in all. */
  readonly deadlineMilliseconds: number;
}

/** Of it, for all tries together: no limit is worth more. */
const DEADLINE_PART = 1 / 4;

/**
 * Counters in DynamoDB, an item a key and second. Each write adds, and none reads first: two instances never undo each other's, and the
 * answer says which part is whose. A write that is made twice counts twice, which is an error to the safe side.
 */
export function createDynamoShares(
  { tableName, client }: UsageTable,
  { deadlineMilliseconds }: DynamoSharesOptions,
): ShareStore {
  const inTime = () => ({ abortSignal: AbortSignal.timeout(deadlineMilliseconds * DEADLINE_PART) });

  async function add(key: string, window: number, counts: Readonly<Record<string, number>>) {
    const names = Object.keys(counts);
    const command = new UpdateCommand({
      TableName: tableName,
      Key: keyOf(key, window),
      UpdateExpression: `SET #until = :until ADD ${names.map((_, index) => `#${index} :${index}`).join(', ')}`,
      ExpressionAttributeNames: {
        '#until': 'expiresAt',
        ...Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
      },
      ExpressionAttributeValues: {
        ':until': window + KEPT_SECONDS,
        ...Object.fromEntries(names.map((name, index) => [`:${index}`, counts[name]])),
      },
      ReturnValues: 'ALL_NEW',
    });
    const { Attributes } = await client.send(command, inTime());
    // Not DynamoDB's own answer: nothing has been counted.
    if (Attributes === undefined) throw new Error('got an answer without counts');
    return Attributes;
  }

  return {
    async take(key, window, vends) {
      return numberIn(await add(key, window, { vends }), 'vends');
    },

    async enter(window, { unasked = 0, asked }: LedgerEntry) {
      const counts = asked === undefined ? {} : { [ASKED + asked.tenantId]: asked.vends };
      return ledgerIn(await add(LEDGER, window, { unasked, ...counts }));
    },

    async readLedger(window) {
      const command = new GetCommand({
        TableName: tableName,
        Key: keyOf(LEDGER, window),
        ConsistentRead: true,
      });
      const { Item = {} } = await client.send(command, inTime());
      return ledgerIn(Item);
    },
  };
}

const keyOf = (key: string, window: number) => ({ pk: `share#${key}#${window}` });

function ledgerIn(item: Readonly<Record<string, unknown>>): Ledger {
  const asked = Object.keys(item).filter((name) => name.startsWith(ASKED));
  return {
    unasked: numberIn(item, 'unasked'),
    asked: new Map(asked.map((name) => [name.slice(ASKED.length), numberIn(item, name)])),
  };
}

/** 0 where there is none: nobody has counted yet. */
function numberIn(item: Readonly<Record<string, unknown>>, name: string): number {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  return typeof value === 'number' ? value : 0;
}
