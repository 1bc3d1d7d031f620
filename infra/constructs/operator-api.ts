import { Stack, Validations } from 'aws-cdk-lib';
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { SIGNATURE_PROBLEMS } from './gateway-problems.ts';
import { ProxyApi, type ProxyApiProps } from './proxy-api.ts';

/** What stands behind the API, and how its logs are kept. */
export interface OperatorApiProps extends Pick<ProxyApiProps, 'logRetentionDays'> {
  readonly tenantsFunction: IFunction;
}

const ROUTES = [
  ['GET', '/tenants'],
  ['GET', '/tenants/{tenantId}'],
  ['PUT', '/tenants/{tenantId}'],
  ['DELETE', '/tenants/{tenantId}'],
  ['POST', '/tenants/{tenantId}/suspend'],
  ['POST', '/tenants/{tenantId}/resume'],
  ['POST', '/tenants/{tenantId}/revoke'],
  ['POST', '/tenants/{tenantId}/verify'],
  ['POST', '/tenants/{tenantId}/preview'],
  ['GET', '/tenants/{tenantId}/role-template'],
  ['GET', '/issuers'],
  ['PUT', '/issuers'],
  ['DELETE', '/issuers'],
  ['GET', '/openapi.json'],
] as const;

/** Enough for people and for scripts over all tenants; every write costs several calls to AWS. */
const THROTTLE = { requestsPerSecond: 10, burst: 20 };

/**
 * The operators' door. IAM lets through, on every route, principals of this account that are allowed `execute-api:Invoke` on it:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export class OperatorApi extends ProxyApi {
  constructor(scope: Construct, id: string, { tenantsFunction, logRetentionDays }: OperatorApiProps) {
    super(scope, id, {
      name: `${Stack.of(scope).stackName}-operators`,
      description: 'Latchkey: tenants and issuers, for operators',
      routes: ROUTES.map(([method, path]) => [method, path, tenantsFunction]),
      authorizationType: AuthorizationType.IAM,
      gatewayProblems: SIGNATURE_PROBLEMS,
      // An ARN: IAM lets nobody put a quotation mark into one.
      accessLogMembers: { caller: '$context.identity.userArn' },
      throttle: THROTTLE,
      // The account has one role to log with, and the vend API's is there already.
      apiGatewayLogRole: 'exists',
      logRetentionDays,
    });
    Validations.of(this.restApi).acknowledge({
      id: 'AwsSolutions::AwsSolutions-COG4',
      reason:
        'IAM authorises every method: operators are principals of this account, not users of a Cognito pool',
    });
  }
}
