import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable, type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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

/** What the functions differ in. */
export interface BundledFunctionProps {
  readonly description: string;
  /** The module that exports `handler`, below functions/. */
  readonly entry: string;
  /** What the function reads of its environment; every value is a text. */
  readonly variables: object;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  readonly logRetentionDays: RetentionDays;
  /** The execution role. Left out, one of the function's own, which can write its log and nothing else. */
  readonly role?: IRole;
  /**
   * Whether the bundle does with light stand-ins for the fetch API, the signer of many Regions, event streams and the discovery of
   * endpoints. S3's client does not: it needs streams, and more of the signer. docs/decisions/0008-how-the-function-is-bundled.md
   */
  readonly hotPath?: boolean;
}

/** A Lambda function out of functions/, in one file, with a log group that forgets and a role that holds no managed policy. */
export class BundledFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: IRole;
  readonly logGroup: LogGroup;
  /** What it is bundled out of, and how. */
  readonly code: { readonly entry: string; readonly bundling: BundlingOptions };

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { description, entry, variables, timeout, memoryMegabytes, logRetentionDays } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = props.role ?? new Role(this, 'Role', executionRole(description));
    this.code = {
      entry: fromHere(`../../functions/${entry}`),
      bundling: props.hotPath === true ? HOT_PATH_BUNDLING : BUNDLING,
    };
    this.function = new NodejsFunction(this, 'Function', {
      description,
      ...this.code,
      projectRoot: fromHere('../..'),
      depsLockFilePath: fromHere('../../package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryMegabytes,
      timeout,
      role: this.role,
      environment: { ...variables },
      // The SDK's clients keep connections alive by themselves; the variable was for their version 2.
      awsSdkConnectionReuse: false,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    this.logGroup.grantWrite(this.role);
  }

  /** Lets `grantee` call the function; of no version, since there are none. */
  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.function.functionArn],
    });
  }
}

function executionRole(description: string) {
  return {
    description: `Execution role. ${description}`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  };
}

// A client that is given no credentials must fail, not search for some.
const ALIASES = [`@aws-sdk/credential-provider-node=${fromHere('../bundle/no-default-credentials.ts')}`];

/** One file, and as little of it as can be: what is loaded before the first request is most of a cold start. */
const BUNDLING: BundlingOptions = {
  logLevel: LogLevel.WARNING,
  format: OutputFormat.CJS,
  minify: true,
  // The packages' ES modules, of which unused parts can be left out.
  mainFields: ['module', 'main'],
  bundleAwsSDK: true,
  // Beside the bundle, for reading a stack trace; Node does not load it. Its sources are in the repository.
  sourceMap: true,
  sourceMapMode: SourceMapMode.EXTERNAL,
  sourcesContent: false,
  esbuildArgs: {
    // Turns import() into require(), which starts faster in CommonJS.
    '--supported:dynamic-import': 'false',
    '--alias': ALIASES,
  },
};

const HOT_PATH_BUNDLING: BundlingOptions = {
  ...BUNDLING,
  inject: [fromHere('../bundle/light-fetch.ts')],
  esbuildArgs: {
    ...BUNDLING.esbuildArgs,
    '--alias': [
      ...ALIASES,
      `@aws-sdk/signature-v4-multi-region=${fromHere('../bundle/single-region-signer.ts')}`,
      `@aws-sdk/endpoint-cache=${fromHere('../bundle/no-endpoint-cache.ts')}`,
      `@smithy/core/event-streams=${fromHere('../bundle/no-event-streams.ts')}`,
    ],
  },
};

/** An absolute path: the CLI, tests and bench start in directories of their own. */
function fromHere(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
