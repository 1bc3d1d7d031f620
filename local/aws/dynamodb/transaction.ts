import { AwsError } from '../aws-error.ts';
import type { Dynalite } from './dynalite.ts';
import { validationError } from './errors.ts';
import { type ReadTableKeys, readKeyValue } from './key-schema.ts';
import { type JsonObject, ownMember } from './request-body.ts';
import type { TransactionPart } from './transaction-part.ts';

/** Why a transaction was cancelled, for one part: `None` where that one was fine. */
export interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: JsonObject;
}

/** A part, and what stood in its place before. */
interface Prepared {
  readonly part: TransactionPart;
  readonly key: JsonObject;
  readonly before: JsonObject | undefined;
}

/** Where a transaction is done. */
export interface TransactionPlace {
  readonly dynalite: Dynalite;
  readonly readTableKeys: ReadTableKeys;
}

/**
 * Does every part or none, over a dynalite that nobody else may use meanwhile, and gives undefined, or a reason per part when nothing was
 * done. No two parts are about the same item, so each condition sees what was there before the transaction, in whatever order they run.
 */
export async function runTransaction(
  place: TransactionPlace,
  parts: readonly TransactionPart[],
): Promise<readonly CancellationReason[] | undefined> {
  const { dynalite } = place;
  const prepared = await prepareAll(place, parts);
  const outcomes = await Promise.allSettled(prepared.map((each) => apply(dynalite, each)));
  const reasons = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined));
  const done = prepared.filter((_, index) => reasons[index]?.Code === 'None');
  if (done.length === prepared.length) return undefined;
  await Promise.all(done.map((each) => restore(dynalite, each)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return reasons.filter((reason) => reason !== undefined);
}

async function prepareAll(
  { dynalite, readTableKeys }: TransactionPlace,
  parts: readonly TransactionPart[],
): Promise<readonly Prepared[]> {
  const keys = await Promise.all(parts.map((part) => readWholeKey(readTableKeys, part)));
  const identities = parts.map(({ tableName }, index) =>
    JSON.stringify([tableName, Object.values(keys[index] ?? {})]),
  );
  if (new Set(identities).size < parts.length)
    throw validationError('Transaction request cannot include multiple operations on one item');
  return Promise.all(
    parts.map(async (part, index) => {
      const key = keys[index] ?? {};
      // As it was sent: a key that has more to it is refused here.
      const Key = part.kind === 'Put' ? key : part.attributes;
      const body = { TableName: part.tableName, Key, ConsistentRead: true };
      const { Item: before } = (await run(dynalite, 'GetItem', body)) as { Item?: JsonObject };
      return { part, key, before };
    }),
  );
}

async function readWholeKey(
  readTableKeys: ReadTableKeys,
  { tableName, attributes }: TransactionPart,
): Promise<JsonObject> {
  const keys = await readTableKeys(tableName);
  if (!keys) throw new AwsError('ResourceNotFoundException', 400, 'Requested resource not found');
  return Object.fromEntries(
    keys.whole.map((key) => [key.name, { [key.type]: readKeyValue(attributes, key) }]),
  );
}

async function apply(dynalite: Dynalite, { part, before }: Prepared): Promise<CancellationReason> {
  const [operation, body] = operationOf(part, before);
  try {
    await run(dynalite, operation, body);
    return { Code: 'None' };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message } = error;
    const item = part.tellsItem && before ? { Item: before } : {};
    if (code === 'ConditionalCheckFailedException')
      return { Code: 'ConditionalCheckFailed', Message: message, ...item };
    // Such as an item that is too large, or a path that the item does not have.
    if (code === 'ValidationException') return { Code: 'ValidationError', Message: message };
    throw error;
  }
}

/** A check has no operation of its own: it puts what is there already, or deletes what is not there, on the same condition. */
function operationOf(
  { kind, request }: TransactionPart,
  before: JsonObject | undefined,
): readonly [string, JsonObject] {
  if (kind !== 'ConditionCheck') return [`${kind}Item`, request];
  if (before === undefined) return ['DeleteItem', request];
  const { Key: _, ...condition } = request;
  return ['PutItem', { ...condition, Item: before }];
}

async function restore(dynalite: Dynalite, { part, key, before }: Prepared): Promise<void> {
  const { tableName: TableName } = part;
  if (before === undefined) await run(dynalite, 'DeleteItem', { TableName, Key: key });
  else await run(dynalite, 'PutItem', { TableName, Item: before });
}

/** Throws what dynalite refuses with as an AwsError. */
async function run(dynalite: Dynalite, operation: string, body: JsonObject): Promise<JsonObject> {
  const response = await dynalite.run(operation, JSON.stringify(body));
  const answer = (await response.json()) as JsonObject;
  if (response.ok) return answer;
  const code = String(ownMember(answer, '__type')).split('#').at(-1) ?? '';
  throw new AwsError(
    code,
    response.status,
    String(ownMember(answer, 'message') ?? ownMember(answer, 'Message')),
  );
}
