import { randomUUID } from 'node:crypto';
import type * as z from 'zod/mini';
import { ConfigurationError } from '../../functions/core/errors.ts';
import { parse } from '../../functions/core/parse.ts';
import type { AuthorizationMessages } from './authorization-messages.ts';
import { type Authorize, createAuthorize } from './authorize.ts';
import { AwsError, encodedMessageMember } from './aws-error.ts';
import { type Door, describeRefusal } from './door.ts';
import type { Session, Sessions } from './session.ts';
import type { SigningService } from './sigv4/signature-fault.ts';
import { authenticate } from './sigv4.ts';
import { readWireRequest, type WireBindings, type WireRequest } from './wire-request.ts';

/** What every door is made with. */
export interface JsonDoorOptions {
  readonly account: string;
  readonly region: string;
  readonly sessions: Sessions;
  readonly clock: () => Date;
  /** Told of every refusal in one line, with the reason. */
  readonly log: (message: string) => void;
  /** Go with denials; left out, none do. */
  readonly messages?: AuthorizationMessages | undefined;
}

/** One request to one operation, its signature checked. */
export interface JsonCall {
  readonly session: Session;
  readonly authorize: Authorize;
  readonly body: unknown;
  /** `http://127.0.0.1:4566`, as the requester calls it. */
  readonly origin: string;
}

/** A service of AWS that speaks JSON over POST /. */
export interface JsonService {
  readonly service: SigningService;
  /** `AmazonSQS.` before the operation's name in `x-amz-target`. */
  readonly targetPrefix: string;
  /** Of answers, as the service's protocol has it. */
  readonly contentType: string;
  /** Before the code of an error. */
  readonly errorNamespace: string;
  readonly operations: Readonly<Record<string, (call: JsonCall) => object | Promise<object>>>;
}

/**
 * A door in the AWS JSON protocol. What it does not know it refuses.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export function createJsonDoor(service: JsonService, options: JsonDoorOptions): Door {
  const authorize = createAuthorize({ ...options, denial: { code: 'AccessDeniedException', status: 400 } });
  const respond = (body: object, status: number) =>
    Response.json(body, {
      status,
      headers: { 'content-type': service.contentType, 'x-amzn-requestid': randomUUID() },
    });

  return async (request, bindings) => {
    try {
      return respond(await answer(request, bindings), 200);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      options.log(describeRefusal(`${service.service} ${request.headers.get('x-amz-target')}`, error));
      const { code, status, message } = error;
      const __type = `${service.errorNamespace}#${code}`;
      return respond({ __type, message, ...encodedMessageMember(error) }, status);
    }
  };

  async function answer(request: Request, bindings: WireBindings): Promise<object> {
    const wire = await readWireRequest(request, bindings);
    const session = authenticate(wire, { ...options, service: service.service });
    const operation = findOperation(service, wire);
    const origin = `http://${wire.headers.get('host')}`;
    return operation({ session, authorize, body: parseBody(wire.body), origin });
  }
}

/** The members of a request as the schema types them; throws ValidationException naming each that is wrong or not known here. */
export function parseMembers<S extends z.ZodMiniType>(schema: S, body: unknown): z.output<S> {
  try {
    return parse(schema, body, 'request');
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new AwsError('ValidationException', 400, error.message);
  }
}

function findOperation({ service, targetPrefix, operations }: JsonService, wire: WireRequest) {
  const target = wire.headers.get('x-amz-target') ?? '';
  const name = target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation !== undefined && wire.method === 'POST' && wire.url === '/') return operation;
  throw new AwsError(
    'UnknownOperationException',
    400,
    `the local ${service} does not know ${wire.method} ${wire.url} ${target}, it knows POST / with ${targetPrefix} and one of: ${Object.keys(operations).join(', ')}`,
  );
}

function parseBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new AwsError('SerializationException', 400, 'the body must be JSON in UTF-8');
  }
}
