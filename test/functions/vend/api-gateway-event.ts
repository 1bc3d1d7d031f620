import type { APIGatewayProxyEvent } from 'aws-lambda';

/** A REST API's event of payload version 1, as API Gateway sends it to the function of a deployed stage. */
export function apiGatewayEvent(
  httpMethod: string,
  path: string,
  headers: Record<string, string>,
  body: string | null = null,
): APIGatewayProxyEvent {
  const all = {
    Host: 'abc123.execute-api.us-east-1.amazonaws.com',
    'X-Forwarded-For': '203.0.113.7',
    ...headers,
  };
  return {
    resource: path,
    path,
    httpMethod,
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      resourceId: 'r1',
      resourcePath: path,
      httpMethod,
      path: `/v1${path}`,
      accountId: '111122223333',
      apiId: 'abc123',
      protocol: 'HTTP/1.1',
      stage: 'v1',
      domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      requestTimeEpoch: 1_795_300_000_000,
      identity: {
        sourceIp: '203.0.113.7',
        userAgent: 'test',
      } as APIGatewayProxyEvent['requestContext']['identity'],
      authorizer: null,
    },
    body,
    isBase64Encoded: false,
  };
}
