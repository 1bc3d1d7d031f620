import { Match, Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import openapi from '../../../functions/tenants/openapi.json' with { type: 'json' };
import { OperatorApi } from '../../../infra/constructs/operator-api.ts';
import { emptyStack, invokedRoutes, onlyResource } from '../synthesized.ts';

const template = apiTemplate();

function apiTemplate(): Template {
  const stack = emptyStack();
  const tenantsFunction = LambdaFunction.fromFunctionAttributes(stack, 'Tenants', {
    functionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:tenants',
    sameEnvironment: true,
  });
  new OperatorApi(stack, 'Api', { tenantsFunction, logRetentionDays: RetentionDays.ONE_WEEK });
  return Template.fromStack(stack);
}

describe('routes', () => {
  const methods = Object.values(template.findResources('AWS::ApiGateway::Method'));

  test('are those that openapi.json describes', () => {
    const described = Object.entries(openapi.paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((member) => member !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/, '*')}`),
    );
    expect(invokedRoutes(template).toSorted()).toEqual(described.toSorted());
    expect(methods).toHaveLength(described.length);
  });

  test('are authorised by IAM, every one', () => {
    for (const { Properties } of methods) {
      expect(Properties).toMatchObject({ AuthorizationType: 'AWS_IAM', Integration: { Type: 'AWS_PROXY' } });
    }
  });
});

test('the API is regional, and takes no TLS before 1.2', () => {
  template.hasResourceProperties('AWS::ApiGateway::RestApi', {
    EndpointConfiguration: { Types: ['REGIONAL'] },
    SecurityPolicy: Match.stringLikeRegexp('^SecurityPolicy_TLS13_1_2'),
    EndpointAccessMode: 'STRICT',
  });
});

test('the stage throttles; its access log says who called, as IAM knows them', () => {
  const { AccessLogSetting, MethodSettings } = onlyResource(template, 'AWS::ApiGateway::Stage')['Properties'];
  expect(MethodSettings).toEqual([
    expect.objectContaining({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20, DataTraceEnabled: false }),
  ]);
  expect(JSON.parse(AccessLogSetting.Format)).toMatchObject({
    vendId: '$context.extendedRequestId',
    caller: '$context.identity.userArn',
  });
});

test("the account's role to log with is the vend API's to make", () => {
  template.resourceCountIs('AWS::ApiGateway::Account', 0);
});

test.each([
  ['MISSING_AUTHENTICATION_TOKEN', '403', 'signature_missing'],
  ['INVALID_SIGNATURE', '403', 'signature_invalid'],
  ['EXPIRED_TOKEN', '403', 'signature_expired'],
  ['ACCESS_DENIED', '403', 'access_denied'],
  ['WAF_FILTERED', '403', 'request_blocked'],
  ['THROTTLED', '429', 'throttled'],
  ['INTEGRATION_TIMEOUT', '503', 'unavailable'],
])('API Gateway itself answers %s: %s %s', (ResponseType, StatusCode, code) => {
  const responses = template.findResources('AWS::ApiGateway::GatewayResponse', {
    Properties: { ResponseType, StatusCode },
  });
  const [response] = Object.values(responses);
  const body = JSON.parse(response?.['Properties'].ResponseTemplates['application/json']);
  expect(body).toMatchObject({ code, status: Number(StatusCode), type: `urn:latchkey:error:${code}` });
});
