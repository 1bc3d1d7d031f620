import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  type AuthorizationType,
  type CfnRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type RestApiProps,
  SecurityPolicy,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { addGatewayProblems, type GatewayProblems } from './gateway-problems.ts';

/** What answers where. */
export type Route = readonly [method: string, path: string, answers: IFunction];

/** What the APIs differ in. */
export interface ProxyApiProps extends Pick<Environment, 'throttle' | 'apiGatewayLogRole'> {
  /** A label for the console, not unique. */
  readonly name: string;
  readonly description: string;
  /** Its routes, with what answers each, and no others: an unknown one wakes nothing. */
  readonly routes: readonly Route[];
  readonly authorizationType: AuthorizationType;
  readonly gatewayProblems: GatewayProblems;
  /** VPC endpoints through which alone it can be reached; left out, it is regional and reached from the Internet. */
  readonly privateEndpointIds?: readonly string[] | undefined;
  /** Whether it answers only under a name of the company's own. */
  readonly hasOwnDomain?: boolean;
  /** Whether pages of other origins may read what API Gateway answers by itself. */
  readonly allowsOrigins?: boolean;
  /** Members of the access log beside those that every API has. */
  readonly accessLogMembers?: Readonly<Record<string, string>>;
  readonly logRetentionDays: RetentionDays;
}

const STAGE_NAME = 'v1';

/** A REST API in front of functions, regional or private: throttled, logged, with modern TLS and answers of one form. */
export class ProxyApi extends Construct {
  readonly restApi: RestApi;

  constructor(scope: Construct, id: string, props: ProxyApiProps) {
    super(scope, id);
    const { name, description, routes, authorizationType, logRetentionDays, apiGatewayLogRole } = props;
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.restApi = new RestApi(this, 'RestApi', {
      restApiName: name,
      description,
      ...endpointOf(this, props.privateEndpointIds),
      ...(props.hasOwnDomain === true ? { disableExecuteApiEndpoint: true } : {}),
      cloudWatchRole: apiGatewayLogRole === 'create',
      defaultMethodOptions: { authorizationType },
      deployOptions: stageOptions(props, accessLog),
    });
    // The stack has an output of its own.
    this.restApi.node.tryRemoveChild('Endpoint');
    demandModernTls(this.restApi);
    keepExecutionLog(this.restApi, logRetentionDays);
    addGatewayProblems(this.restApi, props.gatewayProblems, { allowsOrigins: props.allowsOrigins ?? false });
    for (const [method, path, answers] of routes) {
      this.restApi.root
        .resourceForPath(path)
        .addMethod(method, new LambdaIntegration(answers, { allowTestInvoke: false }));
    }
    acknowledgeFindings(this.restApi);
  }
}

/**
 * Where the API can be reached. A private API lets nobody in whom its policy does not name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
 */
function endpointOf(
  scope: Construct,
  vpcEndpointIds: readonly string[] | undefined,
): Pick<RestApiProps, 'endpointConfiguration' | 'policy'> {
  if (vpcEndpointIds === undefined) return { endpointConfiguration: { types: [EndpointType.REGIONAL] } };
  const invoke = {
    actions: ['execute-api:Invoke'],
    resources: ['execute-api:/*'],
    principals: [new AnyPrincipal()],
  };
  return {
    endpointConfiguration: {
      types: [EndpointType.PRIVATE],
      vpcEndpoints: vpcEndpointIds.map((each) =>
        InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, each, {
          vpcEndpointId: each,
          port: 443,
        }),
      ),
    },
    policy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          ...invoke,
          conditions: { StringEquals: { 'aws:SourceVpce': vpcEndpointIds } },
        }),
      ],
    }),
  };
}

function stageOptions(
  { throttle, accessLogMembers }: Pick<ProxyApiProps, 'throttle' | 'accessLogMembers'>,
  accessLog: ILogGroup,
): StageOptions {
  return {
    stageName: STAGE_NAME,
    throttlingRateLimit: throttle.requestsPerSecond,
    throttlingBurstLimit: throttle.burst,
    metricsEnabled: true,
    // Errors alone, and without data traces: those hold the Authorization header and the credentials.
    loggingLevel: MethodLoggingLevel.ERROR,
    dataTraceEnabled: false,
    accessLogDestination: new LogGroupLogDestination(accessLog),
    accessLogFormat: AccessLogFormat.custom(JSON.stringify({ ...ACCESS_LOG_MEMBERS, ...accessLogMembers })),
  };
}

/**
 * No header and no query string: tokens come in the one, and are mistakenly sent in the other. Nothing that the caller
 * writes freely (User-Agent), which could break out of the JSON.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const ACCESS_LOG_MEMBERS = {
  // As in the function's answers and audit events. Not `requestId`: a caller can choose that one.
  vendId: '$context.extendedRequestId',
  requestTime: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  gatewayResponse: '$context.error.responseType',
  functionRequestId: '$context.integration.requestId',
  functionStatus: '$context.integration.status',
  functionMilliseconds: '$context.integration.latency',
  milliseconds: '$context.responseLatency',
  responseBytes: '$context.responseLength',
  tls: '$context.tlsVersion',
};

/** TLS 1.2 with forward secrecy, or 1.3; REST APIs take 1.0 by default. */
function demandModernTls(restApi: RestApi): void {
  const resource = restApi.node.defaultChild as CfnRestApi;
  resource.securityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
  resource.endpointAccessMode = 'STRICT';
}

/** API Gateway makes this group itself, never to expire, unless there is one of the name that it prescribes. */
function keepExecutionLog(restApi: RestApi, retention: RetentionDays): void {
  const executionLog = new LogGroup(restApi, 'ExecutionLog', {
    logGroupName: `API-Gateway-Execution-Logs_${restApi.restApiId}/${STAGE_NAME}`,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  restApi.deploymentStage.node.addDependency(executionLog);
}

function acknowledgeFindings(restApi: RestApi): void {
  Validations.of(restApi).acknowledge(
    {
      id: 'AwsSolutions::AwsSolutions-APIG2',
      reason:
        'the function validates against the schemas that openapi.json is made from; a second validator would differ',
    },
    {
      id: 'AwsSolutions::AwsSolutions-APIG3',
      reason: "a web ACL is the deploying company's to choose and to pay for: webAcl of its environment",
    },
    {
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'the policy that AWS prescribes for the role that API Gateway logs with; nothing else assumes it',
    },
  );
}
