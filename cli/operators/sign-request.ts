import { escapeUri } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, Provider } from '@smithy/types';
import type { Target } from './target.ts';

/** A request to the operators' API, before it has a signature. */
export interface UnsignedRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Segments of the path behind the endpoint's own, not encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** A request as it goes over the wire. */
export interface SignedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Signs requests to one API. Throws what the credentials' provider throws. */
export type RequestSigner = (request: UnsignedRequest) => Promise<SignedRequest>;

/** A signer with AWS Signature Version 4, as API Gateway demands it of callers that IAM is to authorise. */
export function createRequestSigner(
  { endpoint, region }: Target,
  credentials: Provider<AwsCredentialIdentity>,
): RequestSigner {
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    credentials,
    sha256: Hash.bind(null, 'sha256'),
  });
  return async ({ method, path, query = {}, headers = {}, body }) => {
    const pathname = [endpoint.pathname.replace(/\/+$/, ''), ...path.map(escapeUri)].join('/');
    const signed = await signer.sign({
      method,
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      path: pathname,
      query: { ...query },
      headers: { host: endpoint.host, ...headers },
      body,
    });
    // fetch sets it, to the same.
    const { host: _, ...sent } = signed.headers;
    const search = Object.entries(query).map(([name, value]) => `${escapeUri(name)}=${escapeUri(value)}`);
    const url = `${endpoint.origin}${pathname}${search.length === 0 ? '' : `?${search.join('&')}`}`;
    return { url, method, headers: sent, body: body ?? null };
  };
}
