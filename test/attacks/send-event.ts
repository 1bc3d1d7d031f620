import type { APIGatewayProxyResult } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';
import { apiGatewayEvent } from '../../bench/api-gateway-event.ts';
import { createVendApp } from '../../functions/vend/app.ts';
import type { Target } from './target.ts';

/** Sends `POST /credentials` as API Gateway does, with several values of a header, and with the certificate of its client (PEM). */
export async function sendEvent(
  { functions }: Pick<Target, 'functions'>,
  headers: Readonly<Record<string, readonly string[]>>,
  clientCertPem?: string,
): Promise<Response> {
  const { requestContext, multiValueHeaders, ...plain } = apiGatewayEvent('POST', '/credentials');
  const clientCert = clientCertPem === undefined ? null : { clientCertPem };
  const answer = await handle(createVendApp(functions.vending))({
    ...plain,
    multiValueHeaders: { ...multiValueHeaders, ...headers },
    requestContext: { ...requestContext, identity: { ...requestContext.identity, clientCert } },
  } as never);
  const { statusCode, body, ...result } = answer as APIGatewayProxyResult;
  const pairs = Object.entries(result.multiValueHeaders ?? {}).map(
    ([name, [value]]) => [name, String(value)] as [string, string],
  );
  return new Response(body, { status: statusCode, headers: pairs });
}
