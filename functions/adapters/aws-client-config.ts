/** Which endpoint of AWS is asked, and with whose credentials. */
export interface AwsAccess {
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    /** Undefined with the long-term keys of an IAM user, which have none. */
    readonly sessionToken: string | undefined;
  };
  /** Undefined: the Region's own, which is faster than a global one and fails alone. */
  readonly endpoint: string | undefined;
}

/** How long one attempt may take, in milliseconds. The SDK by itself would wait without end. */
export interface AwsTimeouts {
  readonly connectMilliseconds: number;
  readonly answerMilliseconds: number;
}

/** A client's configuration with everything set that the SDK would otherwise look for in files and variables at the first request. */
export function awsClientConfig(
  { region, credentials: { sessionToken, ...keys }, endpoint }: AwsAccess,
  { connectMilliseconds, answerMilliseconds }: AwsTimeouts,
) {
  return {
    region,
    credentials: sessionToken === undefined ? keys : { ...keys, sessionToken },
    ...(endpoint === undefined ? {} : { endpoint }),
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    defaultsMode: 'standard' as const,
    requestHandler: {
      connectionTimeout: connectMilliseconds,
      requestTimeout: answerMilliseconds,
      // That ends with the head of an answer; this is for a body that stops under way.
      socketTimeout: answerMilliseconds,
      throwOnRequestTimeout: true,
    },
  };
}
