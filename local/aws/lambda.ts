import { randomUUID } from 'node:crypto';
import { type Authorize, createAuthorize } from './authorize.ts';
import { AwsError } from './aws-error.ts';
import { type Door, describeRefusal } from './door.ts';
import { parseFunctionName } from './lambda/function-name.ts';
import { runFunction } from './lambda/run-function.ts';
import type { Sessions } from './session.ts';
import { authenticate } from './sigv4.ts';
import { parseTarget, readWireRequest, type WireBindings, type WireRequest } from './wire-request.ts';

/** What a function does: takes the payload out of JSON, and what it gives goes back as JSON. */
export type LocalFunction = (payload: unknown) => Promise<unknown>;

/** What the local Lambda is made with. */
export interface LambdaOptions {
  readonly account: string;
  readonly region: string;
  /** By name, without an ARN; what is added later counts. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  readonly sessions: Sessions;
  readonly clock: () => Date;
  /** Told of every refusal and of every function's error in one line. */
  readonly log: (message: string) => void;
}

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/**
 * A Lambda that runs functions of this process for sessions that may invoke them: Invoke, and to wait for the result alone.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function createLambdaDoor(options: LambdaOptions): Door {
  const authorize = createAuthorize({ ...options, denial: { code: 'AccessDeniedException', status: 403 } });
  return async (request, bindings) => {
    const response = await answer(request, bindings, authorize, options).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
      options.log(describeRefusal(`Lambda ${request.method} ${bindings.incoming.url}`, error));
      return refuse(error);
    });
    response.headers.set('x-amzn-requestid', randomUUID());
    return response;
  };
}

async function answer(
  request: Request,
  bindings: WireBindings,
  authorize: Authorize,
  options: LambdaOptions,
): Promise<Response> {
  const wire = await readWireRequest(request, bindings);
  const session = authenticate(wire, { ...options, service: 'lambda' });
  const name = readInvocation(wire, options);
  const arn = `arn:aws:lambda:${options.region}:${options.account}:function:${name}`;
  authorize(session, 'lambda:InvokeFunction', arn, {
    values: {},
    absent: ['lambda:FunctionUrlAuthType', 'lambda:InvokedViaFunctionUrl', 'lambda:EventSourceToken'],
  });
  const run = options.functions.get(name);
  if (run === undefined) throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
  return runFunction(run, wire.body, (message) => options.log(`Lambda ${name}: ${message}`));
}

function readInvocation({ method, url, headers }: WireRequest, options: LambdaOptions): string {
  const { path, query } = parseTarget(url);
  const [, name] = INVOCATION.exec(path) ?? [];
  const type = headers.get('x-amz-invocation-type') ?? 'RequestResponse';
  if (method !== 'POST' || name === undefined || query.length > 0 || type !== 'RequestResponse') {
    throw new AwsError(
      'NotImplemented',
      501,
      `the local Lambda does not know ${method} ${url} of type ${type}, it knows Invoke without a qualifier, of type RequestResponse`,
    );
  }
  return parseFunctionName(decodeURIComponent(name), options);
}

function refuse({ code, status, message }: AwsError): Response {
  return new Response(JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message }), {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  });
}
