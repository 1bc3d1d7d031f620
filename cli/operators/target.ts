import { isSafe } from '../../client/src/endpoint.ts';
import { UsageError } from '../failure.ts';

/** Which API is asked, and for which Region requests to it are signed. */
export interface Target {
  /** With the stage in its path, where there is one. */
  readonly endpoint: URL;
  readonly region: string;
}

/** Where a target may be said: options before variables. */
export interface TargetOptions {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
}

/** https://docs.aws.amazon.com/general/latest/gr/apigateway.html, and the names of its VPC endpoints. */
const EXECUTE_API_HOST = /\.execute-api\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/;

/** The API that options and environment name; throws `UsageError` saying how to name one. */
export function readTarget(
  options: TargetOptions,
  env: Readonly<Record<string, string | undefined>>,
): Target {
  const endpoint = parseEndpoint(options.endpoint ?? env['LATCHKEY_ENDPOINT'] ?? '');
  // What the host name says cannot be wrong, while AWS_REGION is often set for something else.
  const region =
    options.region ||
    EXECUTE_API_HOST.exec(endpoint.hostname)?.[1] ||
    env['AWS_REGION'] ||
    env['AWS_DEFAULT_REGION'];
  if (region) return { endpoint, region };
  throw new UsageError(
    `which AWS Region is ${endpoint.host} in? got none in its name, expected --region or AWS_REGION`,
  );
}

function parseEndpoint(text: string): URL {
  if (text === '')
    throw new UsageError("no endpoint: give the operators' API URL as --endpoint or LATCHKEY_ENDPOINT");
  const url = URL.parse(text);
  const plain = url !== null && url.href === `${url.origin}${url.pathname}`;
  if (!plain || !/^https?:$/.test(url.protocol))
    throw new UsageError(
      `endpoint: got ${text}, expected a URL as in https://….execute-api.eu-central-1.amazonaws.com/v1`,
    );
  // A request carries the caller's AWS session token and a tenant's external id comes back.
  if (!isSafe(url))
    throw new UsageError(`endpoint: got ${text}, expected https; http is for this machine alone`);
  return url;
}
