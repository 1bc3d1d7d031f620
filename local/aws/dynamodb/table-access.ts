import { refuseUnknownMembers, validationError } from './errors.ts';
import { readKeyValue, type TableKeys } from './key-schema.ts';
import { readQueryPartition } from './query-partition.ts';
import { type JsonObject, objectListMember, objectMember, stringMember } from './request-body.ts';

/** What one request does to one table or index. */
export interface TableAccess {
  /** What must be allowed, as `PutItem`; left out, the operation itself. */
  readonly action?: string;
  /** `*` stands for every table. */
  readonly tableName: string;
  readonly indexName?: string;
  /**
   * The partitions that are touched, given the table's keys: what `dynamodb:LeadingKeys` holds. `none` for an operation that
   * names no partition, so that the condition key is absent.
   */
  readonly partitions: 'none' | ((keys: TableKeys) => readonly string[]);
}

/** Reads out of a request's body everything that it touches; throws ValidationException when that can't be told for certain. */
export type ReadAccesses = (body: JsonObject) => readonly TableAccess[];

/** GetItem, PutItem, UpdateItem and DeleteItem: one item, by the key that stands in `member`. */
export function oneItem(member: 'Key' | 'Item'): ReadAccesses {
  return (body) => {
    const attributes = objectMember(body, member);
    if (!attributes) {
      throw validationError(`The parameter '${member}' is required but was not present in the request`);
    }
    return [{ tableName: readTableName(body), partitions: ({ table }) => [readKeyValue(attributes, table)] }];
  };
}

/** Query: one partition of a table or, by the index's own key, of an index. */
export const onePartition: ReadAccesses = (body) => {
  const access = readTableOrIndex(body);
  const { indexName } = access;
  return [
    {
      ...access,
      partitions: ({ table, indexes }) => {
        const key = indexName === undefined ? table : indexes.get(indexName);
        if (!key) throw validationError(`The table does not have the specified index: ${indexName}`);
        return [readQueryPartition(body, key)];
      },
    },
  ];
};

/** Scan: all of a table or an index. */
export const allPartitions: ReadAccesses = (body) => [{ ...readTableOrIndex(body), partitions: 'none' }];

/** DescribeTable and CreateTable: a table itself. */
export const oneTable: ReadAccesses = (body) => [{ tableName: readTableName(body), partitions: 'none' }];

/** ListTables: it has no resource of its own, and AWS asks for the permission on every table. */
export const everyTable: ReadAccesses = () => [{ tableName: '*', partitions: 'none' }];

/** BatchGetItem: every key, table by table. */
export function batchRead(tableMembers: readonly string[]): ReadAccesses {
  return (body) => {
    const requests = objectMember(body, 'RequestItems') ?? {};
    return readTableNames(requests).map((tableName) => {
      const request = objectMember(requests, tableName) ?? {};
      refuseUnknownMembers('RequestItems', request, tableMembers);
      const keys = objectListMember(request, 'Keys');
      return { tableName, partitions: ({ table }) => keys.map((key) => readKeyValue(key, table)) };
    });
  };
}

/** BatchWriteItem: every item put and every key deleted, table by table. */
export const batchWrite: ReadAccesses = (body) => {
  const requests = objectMember(body, 'RequestItems') ?? {};
  return readTableNames(requests).map((tableName) => {
    const written = objectListMember(requests, tableName).map(readWriteRequest);
    return {
      tableName,
      partitions: ({ table }) => written.map((attributes) => readKeyValue(attributes, table)),
    };
  });
};

/** The item or key of one write in a batch, which is a put or a delete and never both. */
function readWriteRequest(request: JsonObject): JsonObject {
  const [kind = '', ...others] = Object.keys(request);
  const member = { PutRequest: 'Item', DeleteRequest: 'Key' }[kind];
  const attributes = member && objectMember(objectMember(request, kind) ?? {}, member);
  if (!attributes || others.length > 0) {
    throw validationError(
      'a write request must be one PutRequest with an Item, or one DeleteRequest with a Key',
    );
  }
  refuseUnknownMembers(kind, objectMember(request, kind) ?? {}, [member]);
  return attributes;
}

function readTableNames(requests: JsonObject): readonly string[] {
  const tableNames = Object.keys(requests).map((name) => checkName(name, 'TableName'));
  if (tableNames.length === 0) throw validationError('The batch request list must not be empty');
  return tableNames;
}

function readTableOrIndex(body: JsonObject): { readonly tableName: string; readonly indexName?: string } {
  const tableName = readTableName(body);
  const indexName = stringMember(body, 'IndexName');
  return indexName === undefined
    ? { tableName }
    : { tableName, indexName: checkName(indexName, 'IndexName') };
}

/** The table that a request, or a part of one, names. */
export function readTableName(body: JsonObject): string {
  return checkName(stringMember(body, 'TableName') ?? '', 'TableName');
}

/** AWS takes a table's ARN as well: here a table has one name only, so that what is authorised is what is opened. */
function checkName(name: string, member: string): string {
  if (/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) return name;
  throw validationError(`${member} must be 3 to 255 of a-z A-Z 0-9 _ . - and not an ARN here, got '${name}'`);
}
