import { refuseUnknownMembers, validationError } from './errors.ts';
import { readKeyValue } from './key-schema.ts';
import { type JsonObject, objectListMember, objectMember, stringMember } from './request-body.ts';
import { type ReadAccesses, readTableName } from './table-access.ts';

/** One of the writes and checks that a transaction does together. */
export interface TransactionPart {
  readonly kind: 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
  readonly tableName: string;
  /** The item that is put, or the key of another's: the key attributes are among them. */
  readonly attributes: JsonObject;
  /** The part as it was sent, without what dynalite does not take. */
  readonly request: JsonObject;
  /** Whether the item that a condition did not hold for is told in the answer. */
  readonly tellsItem: boolean;
}

/** The most that a transaction can do. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const MAX_PARTS = 100;

interface PartKind {
  readonly action: string;
  readonly keyMember: 'Item' | 'Key';
  /** What must be there besides the table and the key. */
  readonly required?: string;
}

const KINDS: Readonly<Record<TransactionPart['kind'], PartKind>> = {
  Put: { action: 'PutItem', keyMember: 'Item' },
  Update: { action: 'UpdateItem', keyMember: 'Key', required: 'UpdateExpression' },
  Delete: { action: 'DeleteItem', keyMember: 'Key' },
  ConditionCheck: {
    action: 'ConditionCheckItem',
    keyMember: 'Key',
    required: 'ConditionExpression',
  },
};

const CONDITION = ['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'];

/** The parts of a TransactWriteItems; throws ValidationException for what is not one of the four, and for too many. */
export function readTransactionParts(body: JsonObject): readonly TransactionPart[] {
  const items = objectListMember(body, 'TransactItems');
  if (items.length < 1 || items.length > MAX_PARTS) {
    throw validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PARTS}, and greater than or equal to 1`,
    );
  }
  return items.map(readPart);
}

/** TransactWriteItems: every part, as if it were sent by itself. */
export const everyPart: ReadAccesses = (body) =>
  readTransactionParts(body).map(({ kind, tableName, attributes }) => ({
    action: KINDS[kind].action,
    tableName,
    partitions: ({ table }) => [readKeyValue(attributes, table)],
  }));

function readPart(item: JsonObject): TransactionPart {
  const [kind = '', ...others] = Object.keys(item);
  if (others.length > 0 || !isKind(kind)) {
    throw validationError(
      'TransactItems can only contain one of Check, Put, Update or Delete, and must contain one',
    );
  }
  const part = objectMember(item, kind) ?? {};
  const { keyMember, required } = KINDS[kind];
  const needed = ['TableName', keyMember, ...(required === undefined ? [] : [required])];
  refuseUnknownMembers(kind, part, [...needed, ...CONDITION, 'ReturnValuesOnConditionCheckFailure']);
  const missing = needed.find((name) => !Object.hasOwn(part, name));
  if (missing !== undefined) throw validationError(`${kind} lacks ${missing}, which is required`);
  const { ReturnValuesOnConditionCheckFailure: _, ...request } = part;
  return {
    kind,
    tableName: readTableName(part),
    attributes: objectMember(part, keyMember) ?? {},
    request,
    tellsItem: tellsItem(stringMember(part, 'ReturnValuesOnConditionCheckFailure') ?? 'NONE'),
  };
}

function isKind(name: string): name is TransactionPart['kind'] {
  return Object.hasOwn(KINDS, name);
}

function tellsItem(returnValues: string): boolean {
  if (returnValues === 'ALL_OLD' || returnValues === 'NONE') return returnValues === 'ALL_OLD';
  throw validationError(`ReturnValuesOnConditionCheckFailure: got ${returnValues}, expected ALL_OLD or NONE`);
}
