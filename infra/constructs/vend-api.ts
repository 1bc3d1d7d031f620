import { Stack, Validations } from 'aws-cdk-lib';
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { TOKEN_PROBLEMS } from './gateway-problems.ts';
import { ProxyApi, type ProxyApiProps } from './proxy-api.ts';

/** What stands behind the API, and what it lets through. */
export interface VendApiProps
  extends Pick<ProxyApiProps, 'throttle' | 'apiGatewayLogRole' | 'logRetentionDays'> {
  readonly vendFunction: IFunction;
}

const ROUTES = [
  ['POST', '/credentials'],
  ['GET', '/credentials/container'],
  ['GET', '/whoami'],
  ['GET', '/health'],
  ['GET', '/openapi.json'],
] as const;

/** The tenants' door: the vend function, which decides by their tokens whom it answers. */
export class VendApi extends ProxyApi {
  constructor(scope: Construct, id: string, { vendFunction, ...props }: VendApiProps) {
    super(scope, id, {
      ...props,
      // Without it, every environment's API is called RestApi.
      name: Stack.of(scope).stackName,
      description: 'Latchkey: temporary AWS credentials for tenants',
      function: vendFunction,
      routes: ROUTES,
      authorizationType: AuthorizationType.NONE,
      gatewayProblems: TOKEN_PROBLEMS,
    });
    const authorised =
      'the function verifies the JWT: a failure has a code and an audit event of its own, and the two open routes tell nothing';
    Validations.of(this.restApi).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-APIG4', reason: authorised },
      {
        id: 'AwsSolutions::AwsSolutions-COG4',
        reason: `${authorised}; issuers are the tenants' own, not a Cognito user pool`,
      },
    );
  }
}
