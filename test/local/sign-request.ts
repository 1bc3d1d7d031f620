import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, SourceData } from '@smithy/types';
import type { Session } from '../../local/aws/session.ts';
import type { SigningService } from '../../local/aws/sigv4/signature-fault.ts';
import type { WireRequest } from '../../local/aws/wire-request.ts';
import { REGION } from './tenant-session.ts';

export interface RequestToSign {
  readonly method?: string;
  /** As it goes over the wire, encoded. */
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly service?: SigningService;
  readonly region?: string;
  readonly now?: Date;
}

/** Signs with the AWS SDK's own signer, so that what is checked is not checked against itself. */
export async function signRequest(
  { credentials }: Pick<Session, 'credentials'>,
  request: RequestToSign,
): Promise<WireRequest> {
  const { method = 'POST', path = '/', query = {}, headers = {}, body = '' } = request;
  const { service = 'dynamodb', region = REGION, now = new Date() } = request;
  const signer = new SignatureV4({
    credentials: { ...credentials, expiration: new Date(8.64e15) },
    region,
    service,
    sha256: NodeSha256,
    uriEscapePath: service !== 's3',
  });
  const signed = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      query,
      headers: { host: '127.0.0.1', ...headers },
      body,
    },
    { signingDate: now },
  );
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) search.append(name, value);
  }
  const url = search.size === 0 ? path : `${path}?${search}`;
  return { method, url, headers: new Headers(signed.headers), body: Buffer.from(body) };
}

class NodeSha256 implements Checksum {
  readonly #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBuffer(secret));
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}

function toBuffer(data: SourceData): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(data);
}
