import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  LogLevel,
  NodejsFunction,
  OutputFormat,
  SourceMapMode,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { VendVariables } from '../../functions/vend/environment.ts';
import type { ProvidedResources } from '../provided-resources.ts';
import type { TenantRegistry } from './tenant-registry.ts';

/** What the function works with. */
export interface VendFunctionProps {
  /**
   * The execution role. Made outside: tenant roles trust it, and the function's variables name them in turn. It is
   * given the function's log group and the registry's records here, and nothing else.
   */
  readonly role: IRole;
  readonly registry: TenantRegistry;
  readonly resources: ProvidedResources;
  readonly memoryMegabytes: number;
  readonly logRetentionDays: RetentionDays;
}

/** The hot path: a token in, credentials out. */
export class VendFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: VendFunctionProps) {
    super(scope, id);
    const { role, registry, resources, memoryMegabytes, logRetentionDays } = props;
    const logGroup = new LogGroup(this, 'Log', {
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const variables: VendVariables = {
      LATCHKEY_REGISTRY_TABLE: registry.table.tableName,
      LATCHKEY_RESOURCES: Stack.of(this).toJsonString(resources),
    };
    this.function = new NodejsFunction(this, 'Function', {
      description: 'Latchkey: vends temporary AWS credentials to tenants',
      entry: fromHere('../../functions/vend/handler.ts'),
      projectRoot: fromHere('../..'),
      depsLockFilePath: fromHere('../../package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryMegabytes,
      // STS, the registry and an issuer's keys each time out long before; API Gateway waits 29 seconds.
      timeout: Duration.seconds(15),
      role,
      environment: { ...variables },
      // The SDK's clients keep connections alive by themselves; the variable was for their version 2.
      awsSdkConnectionReuse: false,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      bundling,
    });
    logGroup.grantWrite(role);
    registry.grantLookUp(role);
  }
}

/** One file, and as little of it as can be: what is loaded before the first request is most of a cold start. */
const bundling: BundlingOptions = {
  logLevel: LogLevel.WARNING,
  format: OutputFormat.CJS,
  minify: true,
  // The packages' ES modules, of which unused parts can be left out.
  mainFields: ['module', 'main'],
  bundleAwsSDK: true,
  inject: [fromHere('../bundle/light-fetch.ts')],
  // Beside the bundle, for reading a stack trace; Node does not load it. Its sources are in the repository.
  sourceMap: true,
  sourceMapMode: SourceMapMode.EXTERNAL,
  sourcesContent: false,
  esbuildArgs: {
    // Turns import() into require(), which starts faster in CommonJS.
    '--supported:dynamic-import': 'false',
    '--alias': [
      `@aws-sdk/credential-provider-node=${fromHere('../bundle/no-default-credentials.ts')}`,
      `@aws-sdk/signature-v4-multi-region=${fromHere('../bundle/single-region-signer.ts')}`,
    ],
  },
};

/** An absolute path: the CLI, tests and bench start in directories of their own. */
function fromHere(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
