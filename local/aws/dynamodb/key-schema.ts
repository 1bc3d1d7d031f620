import type { Dynalite } from './dynalite.ts';
import { validationError } from './errors.ts';
import { type JsonObject, ownMember } from './request-body.ts';

/** An attribute that is a key, or a part of one. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** The partition keys of a table and, by name, of its indexes. */
export interface TableKeys {
  readonly table: KeyAttribute;
  /** What tells the table's items apart: its partition key and, where it has one, its sort key. */
  readonly whole: readonly KeyAttribute[];
  readonly indexes: ReadonlyMap<string, KeyAttribute>;
}

interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

interface TableDescription {
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: 'S' | 'N' | 'B';
  }[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
  readonly LocalSecondaryIndexes?: readonly IndexDescription[];
}

interface IndexDescription {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
}

/** DynamoDB's one spelling of a number, so that `1.0` is not another key than `1` to a policy and the same one to the table. */
const CANONICAL_NUMBER = /^(?:0|-?(?:[1-9]\d*|0(?=\.))(?:\.\d*[1-9])?)$/;

/** Reads a table's keys; gives undefined when there is no such table. */
export type ReadTableKeys = (tableName: string) => Promise<TableKeys | undefined>;

/**
 * A reader for one request, which asks once for each table. For every request there must be a new one: a stale answer would authorise
 * by one attribute what is done by another.
 */
export function createTableKeysReader(dynalite: Dynalite): ReadTableKeys {
  const known = new Map<string, Promise<TableKeys | undefined>>();
  return (tableName) => {
    const keys = known.get(tableName) ?? readTableKeys(dynalite, tableName);
    known.set(tableName, keys);
    return keys;
  };
}

async function readTableKeys(dynalite: Dynalite, tableName: string): Promise<TableKeys | undefined> {
  const response = await dynalite.run('DescribeTable', JSON.stringify({ TableName: tableName }));
  if (!response.ok) return undefined;
  const { Table: table } = (await response.json()) as { Table: TableDescription };
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  return {
    table: partitionKey(table, table.KeySchema),
    whole: table.KeySchema.map((element) => keyAttribute(table, element.AttributeName)),
    indexes: new Map(indexes.map((index) => [index.IndexName, partitionKey(table, index.KeySchema)])),
  };
}

/**
 * A key attribute's value out of an item or a key, as a policy sees it: the text of a string, the digits of a number, the Base64 of
 * a binary. Throws ValidationException for a value of another type, and for a spelling that is not the value's only one.
 */
export function readKeyValue(attributes: JsonObject, { name, type }: KeyAttribute): string {
  return readTypedValue(ownMember(attributes, name), type);
}

/** The same of a single attribute value, as `{ "S": "acme" }`. */
export function readTypedValue(attributeValue: unknown, type: KeyAttribute['type']): string {
  const members = Object.entries(attributeValue ?? {});
  const [[givenType, value] = [], ...others] = members;
  if (others.length > 0 || givenType !== type || typeof value !== 'string') {
    throw validationError('The provided key element does not match the schema');
  }
  const isCanonical =
    type === 'S' ||
    (type === 'N' ? CANONICAL_NUMBER.test(value) : Buffer.from(value, 'base64').toString('base64') === value);
  if (!isCanonical) {
    throw validationError(`a key of type ${type} must be in its shortest form, as 1.5 or canonical Base64`);
  }
  return value;
}

function partitionKey(table: TableDescription, schema: readonly KeySchemaElement[]): KeyAttribute {
  return keyAttribute(table, schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName);
}

function keyAttribute(
  { AttributeDefinitions: definitions }: TableDescription,
  name: string | undefined,
): KeyAttribute {
  const definition = definitions.find(({ AttributeName }) => AttributeName === name);
  if (!definition)
    throw new Error(`key schema: got no definition of ${name}, expected one in AttributeDefinitions`);
  return { name: definition.AttributeName, type: definition.AttributeType };
}
