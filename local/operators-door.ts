import { randomUUID } from 'node:crypto';
import type { createTenantsApp } from '../functions/tenants/app.ts';
import { type Authorize, createAuthorize } from './aws/authorize.ts';
import { AwsError } from './aws/aws-error.ts';
import { type Door, describeRefusal } from './aws/door.ts';
import type { Session, Sessions } from './aws/session.ts';
import { authenticate } from './aws/sigv4.ts';
import { parseTarget, readWireRequest, type WireBindings, type WireRequest } from './aws/wire-request.ts';

/** What stands behind the door, and who may come in. */
export interface OperatorsDoorOptions {
  readonly app: Pick<ReturnType<typeof createTenantsApp>, 'fetch'>;
  readonly account: string;
  readonly region: string;
  readonly sessions: Sessions;
  readonly clock: () => Date;
  /** Told of every refusal in one line, with the reason. */
  readonly log: (message: string) => void;
}

/** What API Gateway answers for a path that it does not know, to a signed request as well. */
const UNKNOWN_PATH = ['MissingAuthenticationTokenException', 403, 'Missing Authentication Token'] as const;

/**
 * The operators' API as API Gateway's IAM authorisation guards it: whoever signs for `execute-api` and may
 * `execute-api:Invoke` this method on this path, is let through to the app, under the name of their session.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function createOperatorsDoor(options: OperatorsDoorOptions): Door {
  const authorize = createAuthorize({
    ...options,
    denial: { code: 'AccessDeniedException', status: 403 },
  });
  return async (request, bindings) => {
    try {
      const { wire, session } = await admit(request, bindings, options, authorize);
      const { method, headers, body } = wire;
      const admitted = new Request(request.url, { method, headers, body: body.length === 0 ? null : body });
      return options.app.fetch(admitted, {
        requestContext: { extendedRequestId: randomUUID(), identity: { userArn: session.arn } },
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      options.log(describeRefusal(`operators' API ${request.method} ${bindings.incoming.url}`, error));
      return refuse(error);
    }
  };
}

async function admit(
  request: Request,
  bindings: WireBindings,
  options: OperatorsDoorOptions,
  authorize: Authorize,
): Promise<{ readonly wire: WireRequest; readonly session: Session }> {
  const wire = await readWireRequest(request, bindings);
  const session = authenticate(wire, { ...options, service: 'execute-api' });
  const { path } = parseTarget(wire.url);
  // A path with dot segments would be authorised as one thing and served as another.
  if (path !== new URL(request.url).pathname) throw new AwsError(...UNKNOWN_PATH);
  const api = `arn:aws:execute-api:${options.region}:${options.account}:local/v1`;
  authorize(session, 'execute-api:Invoke', `${api}/${wire.method}${path}`, { values: {} });
  return { wire, session };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
function refuse({ code, status, message }: AwsError): Response {
  const headers = { 'x-amzn-errortype': code, 'x-amzn-requestid': randomUUID() };
  return Response.json({ message }, { status, headers });
}
