import http from 'node:http';
import https from 'node:https';
import { parseStrictJson } from '../../core/strict-json.ts';

/** Bounds on one download. */
export interface FetchJsonLimits {
  /** Ends the download. */
  readonly signal: AbortSignal;
  readonly bytes: number;
}

/** An answer that is not 200. */
export class UnexpectedStatusError extends Error {
  override readonly name = 'UnexpectedStatusError';
  readonly status: number | undefined;

  constructor(status: number | undefined) {
    super(`got status ${status}, expected 200`);
    this.status = status;
  }
}

/**
 * The JSON at a URL, in UTF-8 and saying everything once. A redirect is an answer like any other that is not 200: refused.
 * Over `node:https` and not `fetch`, since loading fetch costs a cold start 45 ms, and since a body can be cut off at its
 * limit here.
 */
export function fetchJson(url: URL, { signal, bytes }: FetchJsonLimits): Promise<unknown> {
  const { get } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json, application/jwk-set+json' };
    // Said, since a variable of the process (NODE_TLS_REJECT_UNAUTHORIZED) could say otherwise.
    const request = get(url, { headers, signal, rejectUnauthorized: true }, (response) => {
      response.on('error', reject);
      if (response.statusCode !== 200) {
        response.destroy(new UnexpectedStatusError(response.statusCode));
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > bytes) response.destroy(new Error(`got more than ${bytes} bytes`));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        try {
          resolve(parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))));
        } catch {
          reject(new Error('got a body that is not strict JSON in UTF-8'));
        }
      });
    });
    request.on('error', reject);
  });
}
