import { AwsError } from '../aws-error.ts';

/**
 * Runs a function as Lambda does: payload and result as JSON, and an error that it throws as a result of another kind, with
 * status 200. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export async function runFunction(
  run: (payload: unknown) => Promise<unknown>,
  body: Uint8Array,
  log: (message: string) => void,
): Promise<Response> {
  const payload = readPayload(body);
  try {
    // What has no JSON, as undefined, is null.
    return jsonResponse(JSON.stringify((await run(payload)) ?? null));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' };
    log(`${name}: ${message}`);
    return jsonResponse(JSON.stringify({ errorType: name, errorMessage: message, trace: [] }), {
      'x-amz-function-error': 'Unhandled',
    });
  }
}

function readPayload(body: Uint8Array): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new AwsError('InvalidRequestContentException', 400, 'Could not parse request body into json');
  }
}

function jsonResponse(body: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST', ...headers },
  });
}
