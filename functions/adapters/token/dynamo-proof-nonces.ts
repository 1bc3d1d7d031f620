import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../core/clock.ts';
import { VendingError } from '../../core/errors.ts';
import type { ProofNonces } from '../../core/ports.ts';
import type { UsageTable } from '../usage-table.ts';

/** How long a nonce is the newest one; it is taken for as long again. */
const NONCE_SECONDS = 60;
const NONCE_BYTES = 16;
/** Both tries together: what never ends would be what all wait for until the next minute. */
const ASK_MILLISECONDS = 1500;

/** Undefined for a minute in which nobody needed one. */
type Nonce = Promise<string | undefined>;

/**
 * Nonces that all instances share, in DynamoDB: one a minute, made up by the instance that needs it first and read by the
 * others. Each instance asks for it once. None can be known before its minute has begun.
 */
export function createDynamoProofNonces({ tableName, client }: UsageTable, clock: Clock): ProofNonces {
  /** By minute; of the two that count. Not under one request's deadline, since others wait for the same. */
  let known: ReadonlyMap<number, Nonce> = new Map();

  async function readOrMake(minute: number): Nonce {
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))).toString('base64url');
    const command = new UpdateCommand({
      TableName: tableName,
      Key: keyOf(minute),
      // In one request: who comes second changes nothing, and is told what there is.
      UpdateExpression: 'SET nonce = if_not_exists(nonce, :nonce), expiresAt = :expiresAt',
      ExpressionAttributeValues: { ':nonce': nonce, ':expiresAt': (minute + 3) * NONCE_SECONDS },
      ReturnValues: 'ALL_NEW',
    });
    return nonceOf((await client.send(command, inTime())).Attributes);
  }

  async function read(minute: number): Nonce {
    const command = new GetCommand({ TableName: tableName, Key: keyOf(minute), ConsistentRead: true });
    return nonceOf((await client.send(command, inTime())).Item);
  }

  return {
    async current() {
      const minute = Math.floor(clock().getTime() / 1000 / NONCE_SECONDS);
      const newest = known.get(minute) ?? readOrMake(minute);
      const previous = known.get(minute - 1) ?? read(minute - 1);
      known = new Map([
        [minute, newest],
        [minute - 1, previous],
      ]);
      try {
        const [first, second] = await Promise.all([newest, previous]);
        if (first === undefined) throw new Error('got an item without a nonce');
        return second === undefined ? [first] : [first, second];
      } catch (cause) {
        // What failed is asked for again.
        known = new Map();
        throw new VendingError('replay_check_unavailable', { cause, retryAfterSeconds: 1 });
      }
    },
  };
}

const inTime = () => ({ abortSignal: AbortSignal.timeout(ASK_MILLISECONDS) });

const keyOf = (minute: number) => ({ pk: `nonce#${minute}` });

function nonceOf(item: Record<string, unknown> | undefined): string | undefined {
  const nonce = item?.['nonce'];
  return typeof nonce === 'string' ? nonce : undefined;
}
