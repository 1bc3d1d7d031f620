import { Stack, Validations } from 'aws-cdk-lib';
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ROUTES } from '../../functions/core/routes.ts';
import { DISCOVERY_PATH, KEY_SET_PATH } from '../../functions/core/self-issued/issuer-documents.ts';
import type { Environment } from '../environment.ts';
import { ApiDomain } from './api-domain.ts';
import { TOKEN_PROBLEMS } from './gateway-problems.ts';
import { ProxyApi, type ProxyApiProps, type Route } from './proxy-api.ts';
import { WebAcl } from './web-acl.ts';

/** What stands behind the API, and what it lets through. */
export interface VendApiProps
  extends Pick<ProxyApiProps, 'throttle' | 'apiGatewayLogRole' | 'logRetentionDays'>,
    Pick<Environment, 'webAcl' | 'privateEndpointIds' | 'domain' | 'allowedOrigins'> {
  readonly vendFunction: IFunction;
  readonly decodeFunction: IFunction;
  /** Left out, no assertions are taken. */
  readonly samlFunction?: IFunction | undefined;
  /** Left out, no credentials of IAM users are vended. */
  readonly iamUserFunction?: IFunction | undefined;
  /** Whether the vend function publishes what OpenID issuers do. */
  readonly isIssuer?: boolean;
}

function routesOf(props: VendApiProps): readonly Route[] {
  const { vendFunction, decodeFunction, samlFunction, iamUserFunction, isIssuer = false } = props;
  return [
    ['POST', ROUTES.vend, vendFunction],
    ['GET', '/credentials/container', vendFunction],
    ...(samlFunction === undefined ? [] : [['POST', ROUTES.saml, samlFunction] as const]),
    ...(iamUserFunction === undefined ? [] : [['POST', ROUTES['iam-user'], iamUserFunction] as const]),
    ['POST', ROUTES.consoleSession, vendFunction],
    ['GET', ROUTES.whoami, vendFunction],
    ['POST', ROUTES.decode, decodeFunction],
    ['GET', '/health', vendFunction],
    ['GET', '/openapi.json', vendFunction],
    ['GET', '/.well-known/oauth-protected-resource', vendFunction],
    ...(isIssuer ? ISSUER_PATHS.map((path) => ['GET', path, vendFunction] as const) : []),
  ];
}

const ISSUER_PATHS = [DISCOVERY_PATH, KEY_SET_PATH];

/** What browsers ask before a page of another origin may send a token; the functions answer, since they know the origins. */
function preflightOf([, path, answers]: Route): Route {
  return ['OPTIONS', path, answers];
}

/** The tenants' door, to functions that decide by tokens and assertions whom they answer. */
export class VendApi extends ProxyApi {
  /** Where tenants send their requests, with a slash at its end. */
  readonly url: string;
  readonly domain: ApiDomain | undefined;

  constructor(scope: Construct, id: string, props: VendApiProps) {
    const { webAcl, domain, allowedOrigins = [] } = props;
    const allowsOrigins = allowedOrigins.length > 0;
    const routes = routesOf(props);
    super(scope, id, {
      ...props,
      // Without it, every environment's API is called RestApi.
      name: Stack.of(scope).stackName,
      description: 'Latchkey: temporary AWS credentials for tenants',
      routes: allowsOrigins ? [...routes, ...routes.map(preflightOf)] : routes,
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
      'the functions verify the JWT or the assertion: a failure has a code and an audit event of its own, and the open routes tell nothing';
    Validations.of(this.restApi).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-APIG4', reason: authorised },
      {
        id: 'AwsSolutions::AwsSolutions-COG4',
        reason: `${authorised}; issuers are the tenants' own, not a Cognito user pool`,
      },
    );
  }
}
