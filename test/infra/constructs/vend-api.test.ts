import { Match, Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { problemResponse } from '../../../functions/api/problem.ts';
import { VendingError } from '../../../functions/core/errors.ts';
import openapi from '../../../functions/vend/openapi.json' with { type: 'json' };
import { VendApi, type VendApiProps } from '../../../infra/constructs/vend-api.ts';
import type { Environment } from '../../../infra/environment.ts';
import { emptyStack, invokedRoutes, onlyResource } from '../synthesized.ts';

const template = apiTemplate('create');

function apiTemplate(
  apiGatewayLogRole: Environment['apiGatewayLogRole'],
  differences: Partial<VendApiProps> = {},
  all = false,
): Template {
  const stack = emptyStack();
  // By attributes: they make no resource, so that what the template holds is the API's own.
  const named = (name: string) =>
    LambdaFunction.fromFunctionAttributes(stack, name, {
      functionArn: `arn:aws:lambda:eu-central-1:111122223333:function:${name}`,
      sameEnvironment: true,
    });
  new VendApi(stack, 'Api', {
    vendFunction: named('vend'),
    decodeFunction: named('decode'),
    ...(all ? { samlFunction: named('saml'), iamUserFunction: named('iam-user'), isIssuer: true } : {}),
    throttle: { requestsPerSecond: 10, burst: 20 },
    logRetentionDays: RetentionDays.ONE_WEEK,
    apiGatewayLogRole,
    ...differences,
  });
  return Template.fromStack(stack);
}

describe('routes', () => {
  const whole = apiTemplate('exists', {}, true);
  const methods = Object.values(whole.findResources('AWS::ApiGateway::Method'));

  test('are those that openapi.json describes', () => {
    const described = Object.entries(openapi.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(invokedRoutes(whole).toSorted()).toEqual(described.toSorted());
    expect(methods).toHaveLength(described.length);
  });

  test('that need what an environment has to turn on are not there without it', () => {
    const plain = invokedRoutes(template);
    expect(invokedRoutes(whole).filter((route) => !plain.includes(route))).toEqual([
      'POST /credentials/saml',
      'POST /credentials/iam-user',
      'GET /.well-known/openid-configuration',
      'GET /.well-known/jwks.json',
    ]);
  });

  test('lead to the function that may do what each takes; all others to vend', () => {
    const permissions = Object.values(whole.findResources('AWS::Lambda::Permission'));
    const elsewhere = permissions
      .map(({ Properties }, index) => [
        invokedRoutes(whole)[index],
        Properties.FunctionName.split(':').at(-1),
      ])
      .filter(([, name]) => name !== 'vend');
    expect(elsewhere).toEqual([
      ['POST /credentials/saml', 'saml'],
      ['POST /credentials/iam-user', 'iam-user'],
      ['POST /authorization-messages/decode', 'decode'],
    ]);
  });

  test('go to functions as they are, and none answers for CORS', () => {
    for (const { Properties } of methods) {
      expect(Properties).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type: 'AWS_PROXY' } });
      expect(Properties.HttpMethod).not.toBe('OPTIONS');
    }
  });
});

describe('how it can be reached', () => {
  const apiWith = (differences: Partial<VendApiProps>) => apiTemplate('exists', differences);

  test('without choices: no web ACL, no name of its own', () => {
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.resourceCountIs('AWS::ApiGateway::DomainName', 0);
  });

  test('a web ACL: the rate rule first, which takes no sample of a request', () => {
    const acl = apiWith({ webAcl: { requestsPerFiveMinutes: 500 } });
    const { Rules } = onlyResource(acl, 'AWS::WAFv2::WebACL')['Properties'];
    expect(Rules[0]).toMatchObject({
      Priority: 0,
      Statement: { RateBasedStatement: { Limit: 500, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } },
      Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
    });
    expect(Rules).toHaveLength(4);
    for (const { VisibilityConfig } of Rules) expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
    acl.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::Join': ['', Match.arrayWith(['/stages/'])] },
    });
  });

  test('a web ACL lets requests through that name no user agent: SDKs need not', () => {
    const acl = apiWith({ webAcl: { requestsPerFiveMinutes: 500 } });
    const { Rules } = onlyResource(acl, 'AWS::WAFv2::WebACL')['Properties'];
    const common = Rules.find(({ Name }: { Name: string }) => Name === 'AWSManagedRulesCommonRuleSet');
    expect(common.Statement.ManagedRuleGroupStatement.RuleActionOverrides).toContainEqual({
      Name: 'NoUserAgent_HEADER',
      ActionToUse: { Count: {} },
    });
  });

  test('private: through its VPC endpoints and nothing else', () => {
    const ids = ['vpce-0123456789abcdef0'];
    apiWith({ privateEndpointIds: ids }).hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ids },
      Policy: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: 'execute-api:Invoke',
            Condition: { StringEquals: { 'aws:SourceVpce': ids } },
          },
        ],
      },
    });
  });

  test('a name of its own, with mutual TLS: under that name alone', () => {
    const named = apiWith({
      domain: {
        name: 'vend.example.com',
        certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/1',
        clientCertificates: { bucketName: 'authorities', key: 'clients.pem', version: '3' },
      },
    });
    named.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
    named.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'vend.example.com',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      MutualTlsAuthentication: { TruststoreUri: 's3://authorities/clients.pem', TruststoreVersion: '3' },
    });
    named.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { Stage: { Ref: Match.anyValue() } });
  });

  test('pages of other origins: the functions answer the preflight, and every answer can be read', () => {
    const open = apiTemplate('exists', { allowedOrigins: ['https://app.example.com'] }, true);
    const routes = invokedRoutes(open);
    const asked = routes.filter((route) => !route?.startsWith('OPTIONS'));
    expect(asked).toHaveLength(12);
    for (const route of asked) expect(routes).toContain(route?.replace(/^\w+/, 'OPTIONS'));
    for (const { Properties } of Object.values(open.findResources('AWS::ApiGateway::GatewayResponse')))
      expect(Properties.ResponseParameters).toMatchObject({
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
      });
  });
});

test('the API is regional, and takes no TLS before 1.2', () => {
  template.hasResourceProperties('AWS::ApiGateway::RestApi', {
    EndpointConfiguration: { Types: ['REGIONAL'] },
    SecurityPolicy: Match.stringLikeRegexp('^SecurityPolicy_TLS13_1_2'),
    EndpointAccessMode: 'STRICT',
  });
});

test('the stage throttles and logs errors without data', () => {
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 10,
        ThrottlingBurstLimit: 20,
        LoggingLevel: 'ERROR',
        DataTraceEnabled: false,
        MetricsEnabled: true,
      },
    ],
  });
});

test('both logs forget; the one that API Gateway names is there before the stage', () => {
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  const executionLogs = template.findResources('AWS::Logs::LogGroup', {
    Properties: {
      LogGroupName: { 'Fn::Join': ['', ['API-Gateway-Execution-Logs_', Match.anyValue(), '/v1']] },
    },
  });
  template.hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith(Object.keys(executionLogs)) });
});

test('the access log is JSON, without anything that a caller could hide a token in', () => {
  const { Format } = onlyResource(template, 'AWS::ApiGateway::Stage')['Properties'].AccessLogSetting;
  expect(JSON.parse(Format)).toMatchObject({
    vendId: '$context.extendedRequestId',
    route: '$context.resourcePath',
  });
  expect(Format).not.toMatch(/authorizer|header|query|userAgent|\$context\.path\b/i);
});

test.each([
  { apiGatewayLogRole: 'create', count: 1 },
  { apiGatewayLogRole: 'exists', count: 0 },
] as const)(
  'apiGatewayLogRole $apiGatewayLogRole: $count account settings',
  ({ apiGatewayLogRole, count }) => {
    apiTemplate(apiGatewayLogRole).resourceCountIs('AWS::ApiGateway::Account', count);
  },
);

describe("API Gateway's own answers", () => {
  const responses = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse')).map(
    ({ Properties }) => Properties,
  );
  const responseOf = (type: string) => responses.find(({ ResponseType }) => ResponseType === type);
  const bodyOf = (type: string) => JSON.parse(responseOf(type).ResponseTemplates['application/json']);

  test("have the members of the function's problems, and its words", async () => {
    const problem = await problemResponse(new VendingError('not_found'), '$context.extendedRequestId').json();
    expect(bodyOf('MISSING_AUTHENTICATION_TOKEN')).toEqual(problem);
  });

  test.each(responses.map((response) => [response.ResponseType, response]))(
    '%s: problem+json, never stored, with its own status',
    (type, { StatusCode, ResponseParameters }) => {
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
        'gatewayresponse.header.Cache-Control': "'no-store'",
      });
      expect(String(bodyOf(type).status)).toBe(StatusCode);
      // What API Gateway says of an error can hold what the caller sent.
      expect(JSON.stringify(bodyOf(type))).not.toContain('$context.error');
    },
  );

  test.each([
    ['THROTTLED', '429'],
    ['REQUEST_TOO_LARGE', '413'],
    ['MISSING_AUTHENTICATION_TOKEN', '404'],
    ['INTEGRATION_TIMEOUT', '503'],
    ['DEFAULT_4XX', '400'],
    ['DEFAULT_5XX', '500'],
  ])('%s: %s', (type, status) => {
    expect(responseOf(type).StatusCode).toBe(status);
  });

  test('Retry-After stands where waiting helps, and nowhere else', () => {
    const retried = responses.filter(
      (each) => 'gatewayresponse.header.Retry-After' in each.ResponseParameters,
    );
    expect(retried.map(({ ResponseType }) => ResponseType).toSorted()).toEqual([
      'INTEGRATION_FAILURE',
      'INTEGRATION_TIMEOUT',
      'QUOTA_EXCEEDED',
      'THROTTLED',
    ]);
  });
});
