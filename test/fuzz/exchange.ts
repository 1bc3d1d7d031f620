import type { APIGatewayProxyResult } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';
import { apiGatewayEvent } from '../../bench/api-gateway-event.ts';
import type { World } from './world.ts';

/** A request, as far as it can be anything. */
export interface Sent {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  /** Of the client, PEM; as API Gateway hands it on. */
  readonly certificate?: string;
  /** Through hono's adapter for Lambda, as an event of API Gateway. */
  readonly asEvent?: boolean;
}

/** What became of it. */
export interface Exchange {
  readonly sent: Sent;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of the audit log, meanwhile. */
  readonly lines: readonly string[];
}

/** Where the API is to its callers, when they do not come as events. */
export const ORIGIN = 'https://vend.example';
/** And when they do. */
export const EVENT_ORIGIN = 'https://abcde12345.execute-api.eu-central-1.amazonaws.com/v1';

/** Sends a request to the app; undefined for what HTTP does not let be sent. */
export async function exchange(world: World, sent: Sent): Promise<Exchange | undefined> {
  world.passTime();
  world.lines.length = 0;
  const response = await (sent.asEvent ? throughEvent(world, sent) : throughFetch(world, sent));
  if (response === undefined) return undefined;
  const text = await response.text();
  return { sent, status: response.status, headers: response.headers, text, lines: [...world.lines] };
}

async function throughFetch({ app }: World, sent: Sent): Promise<Response | undefined> {
  let request: Request;
  try {
    const { method, headers } = sent;
    const body = sent.body === undefined ? {} : { body: sent.body as string };
    request = new Request(ORIGIN + sent.path, { method, headers: headers.map((pair) => [...pair]), ...body });
  } catch {
    return undefined;
  }
  const clientCert = { clientCertPem: sent.certificate };
  return app.fetch(
    request,
    sent.certificate === undefined ? {} : { requestContext: { identity: { clientCert } } },
  );
}

async function throughEvent({ app }: World, sent: Sent): Promise<Response | undefined> {
  if (!isSendable(sent)) return undefined;
  const [path = '', query = ''] = sent.path.split(/\?(.*)/s);
  const { method, headers, body } = sent;
  const event = apiGatewayEvent(method, path);
  const search = new URLSearchParams(query);
  const names = [...new Set(search.keys())];
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of headers) multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), value];
  const result = (await handle(app)({
    ...event,
    headers: Object.fromEntries(headers),
    multiValueHeaders,
    multiValueQueryStringParameters: Object.fromEntries(names.map((name) => [name, search.getAll(name)])),
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    requestContext: {
      ...event.requestContext,
      identity: { clientCert: sent.certificate === undefined ? null : { clientCertPem: sent.certificate } },
    },
  } as never)) as APIGatewayProxyResult;
  const pairs = Object.entries(result.multiValueHeaders ?? {}).map(
    ([name, [value]]) => [name, String(value)] as [string, string],
  );
  const noBody = result.body === '' || [204, 205, 304].includes(result.statusCode);
  return new Response(noBody ? null : result.body, { status: result.statusCode, headers: pairs });
}

/** What no gateway hands on: hono would answer it by itself, before the app, and write the header that it could not take to the console. */
function isSendable({ method, path, headers, body }: Sent): boolean {
  try {
    new Request(ORIGIN + path, { method, ...(body === undefined ? {} : { body: body as string }) });
    // Beyond ASCII, it encodes what is in them.
    new Headers(headers.map(([name, value]) => [name, value.replaceAll(/[^\0-\x7f]/g, '%')]));
    return true;
  } catch {
    return false;
  }
}
