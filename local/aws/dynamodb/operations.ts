import {
  allPartitions,
  batchRead,
  batchWrite,
  everyTable,
  oneItem,
  onePartition,
  oneTable,
  type ReadAccesses,
} from './table-access.ts';
import { everyPart } from './transaction-part.ts';

/** An operation, with every member that it understands: dynalite drops what it does not know, so the rest is refused. */
export interface DynamoDbOperation {
  readonly members: readonly string[];
  readonly readAccesses: ReadAccesses;
}

const WRITE = [
  'TableName',
  'ConditionExpression',
  'ConditionalOperator',
  'Expected',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
];
const PROJECTION = ['AttributesToGet', 'ExpressionAttributeNames', 'ProjectionExpression'];
const READ_MANY = [
  'TableName',
  'IndexName',
  ...PROJECTION,
  'ConditionalOperator',
  'ExclusiveStartKey',
  'ExpressionAttributeValues',
  'FilterExpression',
  'Limit',
  'ReturnConsumedCapacity',
  'Select',
];

/**
 * Every operation that goes through, by its name; its members are those that dynalite 4 takes, and of a transaction
 * those that are played in front of it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
 */
const OPERATIONS: Readonly<Record<string, DynamoDbOperation>> = {
  GetItem: {
    members: ['TableName', 'Key', 'ConsistentRead', ...PROJECTION, 'ReturnConsumedCapacity'],
    readAccesses: oneItem('Key'),
  },
  PutItem: { members: ['Item', ...WRITE], readAccesses: oneItem('Item') },
  UpdateItem: {
    members: ['Key', 'AttributeUpdates', 'UpdateExpression', ...WRITE],
    readAccesses: oneItem('Key'),
  },
  DeleteItem: { members: ['Key', ...WRITE], readAccesses: oneItem('Key') },
  Query: {
    members: [
      ...READ_MANY,
      'ConsistentRead',
      'KeyConditionExpression',
      'KeyConditions',
      'QueryFilter',
      'ScanIndexForward',
    ],
    readAccesses: onePartition,
  },
  Scan: {
    members: [...READ_MANY, 'ScanFilter', 'Segment', 'TotalSegments'],
    readAccesses: allPartitions,
  },
  BatchGetItem: {
    members: ['RequestItems', 'ReturnConsumedCapacity'],
    readAccesses: batchRead(['Keys', 'ConsistentRead', ...PROJECTION]),
  },
  BatchWriteItem: {
    members: ['RequestItems', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'],
    readAccesses: batchWrite,
  },
  TransactWriteItems: { members: ['ClientRequestToken', 'TransactItems'], readAccesses: everyPart },
  CreateTable: {
    members: [
      'AttributeDefinitions',
      'BillingMode',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'LocalSecondaryIndexes',
      'ProvisionedThroughput',
      'TableName',
    ],
    readAccesses: oneTable,
  },
  DescribeTable: { members: ['TableName'], readAccesses: oneTable },
  ListTables: { members: ['ExclusiveStartTableName', 'Limit'], readAccesses: everyTable },
};

/** The names of all operations that go through. */
export const OPERATION_NAMES: readonly string[] = Object.keys(OPERATIONS);

/** An operation by its name, exactly; undefined for any other. */
export function findOperation(name: string): DynamoDbOperation | undefined {
  return Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
}
