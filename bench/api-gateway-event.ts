import type { APIGatewayProxyEvent } from 'aws-lambda';

/** What API Gateway hands to Lambda for a request to a REST API (payload version 1.0), with all that it adds by itself. */
export function apiGatewayEvent(
  httpMethod: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | null = null,
): APIGatewayProxyEvent {
  const all: Record<string, string> = {
    Accept: '*/*',
    Host: 'abcde12345.execute-api.eu-central-1.amazonaws.com',
    'User-Agent': 'aws-sdk-js/3.1162.0 ua/2.1 os/linux lang/js md/nodejs#24.21.0',
    'X-Amzn-Trace-Id': 'Root=1-69210b00-0123456789abcdef01234567',
    'X-Forwarded-For': '192.0.2.1',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
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
      accountId: '111122223333',
      apiId: 'abcde12345',
      authorizer: null,
      domainName: 'abcde12345.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'abcde12345',
      extendedRequestId: 'UXaMpLeFiAMFxJg=',
      httpMethod,
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '192.0.2.1',
        user: null,
        userAgent: 'aws-sdk-js/3.1162.0 ua/2.1 os/linux lang/js md/nodejs#24.21.0',
        userArn: null,
      },
      path: `/v1${path}`,
      protocol: 'HTTP/1.1',
      requestId: '5f0c2e1a-6f0b-4a57-9d3c-1b2a3c4d5e6f',
      requestTimeEpoch: 1_795_262_400_000,
      resourceId: 'a1b2c3',
      resourcePath: path,
      stage: 'v1',
    },
    body,
    isBase64Encoded: false,
  };
}

/** A complete vend: `POST /credentials` as a tenant's app sends it. */
export function vendEvent(token: string): APIGatewayProxyEvent {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return apiGatewayEvent('POST', '/credentials', headers, '{"profile":"app"}');
}
