import { Stack, Validations } from 'aws-cdk-lib';
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { ApiDomain } from './api-domain.ts';
import { TOKEN_PROBLEMS } from './gateway-problems.ts';
import { ProxyApi, type ProxyApiProps } from './proxy-api.ts';
import { WebAcl } from './web-acl.ts';

/** What stands behind the API, and what it lets through. */
export interface VendApiProps
  extends Pick<ProxyApiProps, 'throttle' | 'apiGatewayLogRole' | 'logRetentionDays'>,
    Pick<Environment, 'webAcl' | 'privateEndpointIds' | 'domain' | 'allowedOrigins'> {
  readonly vendFunction: IFunction;
}

const ROUTES = [
  ['POST', '/credentials'],
  ['GET', '/credentials/container'],
  ['GET', '/whoami'],
  ['GET', '/health'],
  ['GET', '/openapi.json'],
  ['GET', '/.well-known/oauth-protected-resource'],
] as const;

/** What browsers ask before a page of another origin may send a token; the function answers, since it knows the origins. */
const PREFLIGHT_ROUTES = ROUTES.map(([, path]) => ['OPTIONS', path] as const);

/** The tenants' door: the vend function, which decides by their tokens whom it answers. */
export class VendApi extends ProxyApi {
  /** Where tenants send their requests, with a slash at its end. */
  readonly url: string;
  readonly domain: ApiDomain | undefined;

  constructor(scope: Construct, id: string, { vendFunction, ...props }: VendApiProps) {
    const { webAcl, domain, allowedOrigins = [] } = props;
    const allowsOrigins = allowedOrigins.length > 0;
    super(scope, id, {
      ...props,
      // Without it, every environment's API is called RestApi.
      name: Stack.of(scope).stackName,
      description: 'Latchkey: temporary AWS credentials for tenants',
      function: vendFunction,
      routes: allowsOrigins ? [...ROUTES, ...PREFLIGHT_ROUTES] : ROUTES,
      allowsOrigins,
      hasOwnDomain: domain !== undefined,
      authorizationType: AuthorizationType.NONE,
      gatewayProblems: TOKEN_PROBLEMS,
    });
    if (webAcl !== undefined) {
      new WebAcl(this, 'WebAcl', { stage: this.restApi.deploymentStage, rules: webAcl });
    }
    this.domain =
      domain === undefined ? undefined : new ApiDomain(this, 'Domain', { restApi: this.restApi, domain });
    this.url = this.domain?.url ?? this.restApi.url;
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
