import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AuthorizationMessages } from './authorization-messages.ts';
import { type Authorize, createAuthorize } from './authorize.ts';
import { AwsError, encodedMessageMember } from './aws-error.ts';
import { type Door, describeRefusal } from './door.ts';
import type { Dynalite } from './dynamodb/dynalite.ts';
import { refuseUnknownMembers } from './dynamodb/errors.ts';
import { createGate } from './dynamodb/gate.ts';
import { createTableKeysReader, type ReadTableKeys } from './dynamodb/key-schema.ts';
import { findOperation, OPERATION_NAMES } from './dynamodb/operations.ts';
import { type JsonObject, ownMember, parseRequestBody } from './dynamodb/request-body.ts';
import type { TableAccess } from './dynamodb/table-access.ts';
import { createTransactions } from './dynamodb/transactions.ts';
import type { Session, Sessions } from './session.ts';
import { authenticate } from './sigv4.ts';
import { readWireRequest, type WireBindings, type WireRequest } from './wire-request.ts';

/** What the local DynamoDB is made with. */
export interface DynamoDbOptions {
  readonly account: string;
  readonly region: string;
  /** Holds the tables, all of `account`; only what is allowed reaches it. */
  readonly dynalite: Dynalite;
  readonly sessions: Sessions;
  readonly clock: () => Date;
  /** Told of every refusal in one line, with the reason. */
  readonly log: (message: string) => void;
  /** Go with denials; left out, none do. */
  readonly messages?: AuthorizationMessages | undefined;
}

const CONTENT_TYPE = 'application/x-amz-json-1.0';
const TARGET_PREFIX = 'DynamoDB_20120810.';

/**
 * A condition key of PartiQL, which does not go through. `dynamodb:Attributes` is neither known nor absent: a policy that asks for it
 * can't be evaluated, and allows nothing.
 */
const ABSENT_IN_DYNAMODB = ['dynamodb:FullTableScan'];

/** The operation that does others' work: of what it does, this is said in the condition key of this name. */
const ENCLOSING_KEY = 'dynamodb:EnclosingOperation';
const ENCLOSING_OPERATION = 'TransactWriteItems';

/** Parameters that are condition keys too. One that is not sent has a default in some operations, so it is not said to be absent. */
const PARAMETER_KEYS = ['Select', 'ReturnValues', 'ReturnConsumedCapacity'];

/**
 * A DynamoDB that opens only to sessions, as far as their policies reach. It stands in front of dynalite and forwards exactly what
 * it authorised; what it does not know is refused, never dropped in silence.
 */
export function createDynamoDbDoor(options: DynamoDbOptions): Door {
  const authorize = createAuthorize({ ...options, denial: { code: 'AccessDeniedException', status: 400 } });
  const gate = createGate();
  const transact = createTransactions(options);
  return async (request, bindings) => {
    const response = await answer(request, bindings).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
      options.log(describeRefusal(`DynamoDB ${request.headers.get('x-amz-target')}`, error));
      return refuse(error);
    });
    response.headers.set('x-amzn-requestid', randomUUID());
    return response;
  };

  async function answer(request: Request, bindings: WireBindings): Promise<Response> {
    const wire = await readWireRequest(request, bindings);
    const session = authenticate(wire, { ...options, service: 'dynamodb' });
    const { name, readAccesses, members } = readOperation(wire);
    const body = parseRequestBody(wire.body);
    refuseUnknownMembers(name, body, members);
    const readTableKeys = createTableKeysReader(options.dynalite);
    for (const access of readAccesses(body)) {
      await authorizeAccess(access, { session, operation: name, body, readTableKeys, authorize, options });
    }
    if (name !== ENCLOSING_OPERATION) return gate.together(() => forward(options.dynalite, name, body));
    const { status, answer } = await gate.alone(() => transact(body, readTableKeys));
    return jsonResponse(Buffer.from(JSON.stringify(answer)), status);
  }
}

interface AccessRequest {
  readonly session: Session;
  readonly operation: string;
  readonly body: JsonObject;
  readonly readTableKeys: ReadTableKeys;
  readonly authorize: Authorize;
  readonly options: DynamoDbOptions;
}

async function authorizeAccess(
  { tableName, indexName, partitions, action: part }: TableAccess,
  { session, operation, body, readTableKeys, authorize, options }: AccessRequest,
): Promise<void> {
  const { region, account } = options;
  const index = indexName === undefined ? '' : `/index/${indexName}`;
  const resource = `arn:aws:dynamodb:${region}:${account}:table/${tableName}${index}`;
  const action = `dynamodb:${part ?? operation}`;
  const given = PARAMETER_KEYS.filter((name) => typeof ownMember(body, name) === 'string');
  const values = {
    ...Object.fromEntries(given.map((name) => [`dynamodb:${name}`, String(body[name])])),
    [ENCLOSING_KEY]: operation === ENCLOSING_OPERATION ? operation : undefined,
  };
  if (partitions === 'none') {
    authorize(session, action, resource, { values, absent: [...ABSENT_IN_DYNAMODB, 'dynamodb:LeadingKeys'] });
    return;
  }
  const keys = await readTableKeys(tableName);
  // Of a table that does not exist no key can be told: a policy that asks for one refuses, as it does on AWS.
  const leadingKeys = keys ? { 'dynamodb:LeadingKeys': partitions(keys) } : {};
  authorize(session, action, resource, { values: { ...values, ...leadingKeys }, absent: ABSENT_IN_DYNAMODB });
}

function readOperation({ method, url, headers }: WireRequest) {
  const target = headers.get('x-amz-target') ?? '';
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const operation = findOperation(name);
  if (!operation || method !== 'POST' || url !== '/') {
    throw new AwsError(
      'UnknownOperationException',
      400,
      `the local DynamoDB does not know ${method} ${url} ${target}, it knows POST / with ${TARGET_PREFIX} and one of: ${OPERATION_NAMES.join(', ')}`,
    );
  }
  return { name, ...operation };
}

/** Sends on what was parsed and authorised, in the only spelling that it has left, and answers with dynalite's own bytes. */
async function forward(dynalite: Dynalite, operation: string, body: JsonObject): Promise<Response> {
  const answer = await dynalite.run(operation, JSON.stringify(body));
  return jsonResponse(new Uint8Array(await answer.arrayBuffer()), answer.status);
}

function refuse(error: AwsError): Response {
  const { code, status, message } = error;
  const body = { __type: `com.amazon.coral.service#${code}`, message, ...encodedMessageMember(error) };
  return jsonResponse(Buffer.from(JSON.stringify(body)), status);
}

/** Always with its CRC-32: the Go SDK takes a missing one for a wrong one. */
function jsonResponse(body: Uint8Array<ArrayBuffer>, status: number): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': CONTENT_TYPE, 'x-amz-crc32': String(crc32(body)) },
  });
}
