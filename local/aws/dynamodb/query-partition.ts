import { validationError } from './errors.ts';
import { parseKeyCondition } from './key-condition.ts';
import { type KeyAttribute, readTypedValue } from './key-schema.ts';
import { type JsonObject, objectMember, ownMember, stringMember } from './request-body.ts';

/**
 * The one partition that a Query reads, whether it says so in a KeyConditionExpression or in the legacy KeyConditions. Throws
 * ValidationException when it names none or more than one.
 */
export function readQueryPartition(query: JsonObject, key: KeyAttribute): string {
  const expression = stringMember(query, 'KeyConditionExpression');
  const legacy = objectMember(query, 'KeyConditions');
  if ((expression === undefined) === (legacy === undefined)) {
    throw validationError(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const value = legacy ? fromLegacy(legacy, key.name) : fromExpression(query, expression ?? '', key.name);
  return readTypedValue(value, key.type);
}

function fromExpression(query: JsonObject, expression: string, keyName: string): unknown {
  const names = objectMember(query, 'ExpressionAttributeNames') ?? {};
  const values = objectMember(query, 'ExpressionAttributeValues') ?? {};
  const onKey = parseKeyCondition(expression).filter(
    ({ attribute }) => (attribute.startsWith('#') ? ownMember(names, attribute) : attribute) === keyName,
  );
  const [condition, ...others] = onKey;
  if (!condition) throw missedKey(keyName);
  if (!condition.isEquality || others.length > 0) throw validationError('Query key condition not supported');
  return ownMember(values, condition.value);
}

function fromLegacy(conditions: JsonObject, keyName: string): unknown {
  const condition = objectMember(conditions, keyName);
  if (!condition) throw missedKey(keyName);
  const operands = ownMember(condition, 'AttributeValueList');
  if (
    ownMember(condition, 'ComparisonOperator') !== 'EQ' ||
    !Array.isArray(operands) ||
    operands.length !== 1
  ) {
    throw validationError('Query key condition not supported');
  }
  return operands[0];
}

function missedKey(keyName: string): Error {
  return validationError(`Query condition missed key schema element: ${keyName}`);
}
